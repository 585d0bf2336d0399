"""The command `referentiel audit`: the whole store against the rules, told in French or English."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from referentiel import console
from referentiel.commands.backup import checkpoint
from referentiel.console import Refusal

if TYPE_CHECKING:
    from referentiel.validation import Language

_FAULT = 2
"""Exit status when the comparison shows that the tool itself is wrong."""


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "csv", "turtle", "html"]), default="text", help="Forme du rapport.")
@click.option("--output", "-o", default="-", metavar="FICHIER", help="Fichier du rapport (à défaut : la sortie standard).")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Langue du rapport.")
@click.option("--processes", type=click.IntRange(1, 256), metavar="N", help="Processus (à défaut : un par cœur).")
@click.option(
    "--sample",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    metavar="N",
    help="Certifications tirées au sort et contrôlées une seconde fois, par pySHACL seul.",
)
@click.option("--force", is_flag=True, help="Remplace un fichier qui existe.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DOSSIER", help="Dossier du magasin de graphes.")
def audit(
    form: Literal["text", "csv", "turtle", "html"],
    output: str,
    lang: Language,
    processes: int | None,
    sample: int,
    store: Path | None,
    *,
    force: bool,
) -> None:
    """Contrôle tout le magasin, que le serveur s'en serve ou non. Sort avec 0 s'il est conforme, 1 sinon.

    Rien n'est changé. Sort avec 2 si la comparaison par tirage au sort montre un défaut de cet outil.
    """
    from referentiel.store import StoreError
    from referentiel.store.embedded import LIVE
    from referentiel.store.survey import Survey
    from referentiel.validation import InvalidShapes, ValidationLimit
    from referentiel.validation.audit import audit as run
    from referentiel.validation.audit_report import write

    settings = console.load_settings(store)
    if not (settings.store / LIVE).is_dir():
        raise Refusal(f"{settings.store} : attendu le dossier d'un magasin ; trouvé : rien de tel.")
    if output != "-" and Path(output).exists() and not force:
        raise Refusal(f"{output} existe déjà. Pour le remplacer : --force.")
    try:
        with checkpoint(settings.store) as folder, _bar() as progress:
            found = run(Survey(folder / LIVE), processes=processes, sample=sample, progress=progress)
    except StoreError as error:
        raise Refusal(f"le magasin {settings.store} ne se lit pas : {error.french or error}.") from error
    except (ValidationLimit, InvalidShapes) as error:
        raise Refusal(f"le contrôle n'a pas pu finir ({error}). Réessayez avec moins de processus : --processes 1.") from error
    console.write_output(output, write(found, form, lang), force=force)
    if found.missed:
        click.echo(
            f"Défaut de cet outil : pySHACL seul trouve autre chose pour {', '.join(found.missed)}. Ne vous fiez pas à ce rapport.",
            err=True,
        )
        sys.exit(_FAULT)
    sys.exit(0 if found.conforms else 1)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the error output, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _whole: None
        return
    with click.progressbar(length=1, label="Contrôle", file=sys.stderr) as bar:

        def show(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        yield show
