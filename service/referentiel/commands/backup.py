"""The commands `referentiel backup` and `referentiel restore`: a whole store in one file, and back, told in French."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import CREATED
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from referentiel import __version__, console
from referentiel.console import Refusal
from referentiel.running import NotRunning, ask

if TYPE_CHECKING:
    from referentiel.store.manifest import Facts

_PATIENCE: Final = 3
"""Seconds between two words about how far it got."""
_INTACT: Final = "Rien n'a été changé."

_store = click.option("--store", type=click.Path(path_type=Path), metavar="DOSSIER", help="Dossier du magasin de graphes.")


@click.command()
@click.argument("output", metavar="SAUVEGARDE")
@click.option("--force", is_flag=True, help="Remplace un fichier qui existe.")
@_store
def backup(output: str, store: Path | None, *, force: bool) -> None:
    """Sauve le magasin entier dans un fichier (.tar ; « - » : sortie standard), que le serveur s'en serve ou non.

    Y sont : les graphes, tout leur historique, les empreintes des jetons (jamais les jetons), et un manifeste avec l'empreinte
    SHA-256 de chaque fichier. La sauvegarde tient tout ce qui a été accepté avant qu'elle commence.
    """
    from referentiel.history.safekeeping import AnotherBase, complete, facts_of
    from referentiel.store import StoreError
    from referentiel.store.backup import pack, parts_of

    settings = console.load_settings(store)
    if not settings.store.is_dir():
        raise Refusal(f"{settings.store} : attendu le dossier d'un magasin ; trouvé : rien de tel.")
    if output != "-" and Path(output).exists() and not force:
        raise Refusal(f"{output} existe déjà. Pour le remplacer : --force.")
    try:
        with checkpoint(settings.store) as folder:
            complete(folder, settings.store, settings.base)
            facts = facts_of(folder, settings.base, __version__)
            meter = _Meter("Sauvegarde", sum(path.stat().st_size for path in parts_of(folder)))
            with _whole_file(output) as file:
                digest = pack(folder, facts, file, meter)
    except AnotherBase as error:
        raise Refusal(
            f"{settings.store} : {error.french}. Donnez la base du magasin : REFERENTIEL_BASE=https://…/ referentiel backup …"
        ) from error
    except StoreError as error:
        raise Refusal(f"le magasin {settings.store} ne peut pas être sauvé : {error.french or error}.") from error
    except OSError as error:
        raise Refusal(f"la sauvegarde n'a pas pu être écrite ({_fault(error)}). Rien n'en reste.") from error
    click.echo(f"Sauvé : {_told(facts)}.\nSHA-256 : {digest}", err=True)


@click.command()
@click.argument("source", metavar="SAUVEGARDE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Met de côté le magasin qui s'y trouve.")
@_store
def restore(source: Path, store: Path | None, *, force: bool) -> None:
    """Rétablit un magasin depuis une sauvegarde, en entier ou pas du tout.

    Chaque empreinte est vérifiée, puis le magasin est ouvert et son historique contrôlé, avant qu'il prenne sa place. Avec --force,
    l'ancien magasin est gardé à côté, et ses jetons restent en vigueur : un jeton révoqué depuis la sauvegarde le reste.
    """
    from referentiel.history.safekeeping import locked, take_place, unpacked
    from referentiel.store import StoreError
    from referentiel.store.manifest import DamagedBackup

    settings = console.load_settings(store)
    target = settings.store
    if target.exists() and not force and (not target.is_dir() or any(target.iterdir())):
        raise Refusal(f"{target} existe déjà. Choisissez un autre dossier, ou --force, qui met de côté ce qui s'y trouve.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target), tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as beside:
            folder = Path(beside) / "store"
            folder.mkdir()
            facts, digest = unpacked(source, folder, _Meter("Rétablissement", source.stat().st_size))
            kept = take_place(folder, target)
    except DamagedBackup as error:
        raise Refusal(
            f"{source} est abîmée, fichier {error.name} : {error.french}. {_INTACT} Prenez une autre sauvegarde."
        ) from error
    except StoreError as error:
        raise Refusal(f"{source} n'a pas pu être rétablie dans {target} : {error.french or error}. {_INTACT}") from error
    except OSError as error:
        raise Refusal(f"{source} n'a pas pu être rétablie dans {target} ({_fault(error)}). {_INTACT}") from error
    click.echo(f"Rétabli dans {target} : {_told(facts)}.\nSHA-256 : {digest}")
    if kept:
        click.echo(f"L'ancien magasin est gardé dans {kept} ; ses jetons restent en vigueur.")
    if facts.base != settings.base:
        click.echo(f"Ce magasin a pour base {facts.base} : servez-le avec REFERENTIEL_BASE={facts.base}.", err=True)


@contextmanager
def checkpoint(store: Path) -> Iterator[Path]:
    """A folder with a checkpoint of a store: made by the server that has it open, or here while nobody else may open it."""
    from referentiel.store import open_store
    from referentiel.store.embedded import GENERATIONS
    from referentiel.store.generations import checkpoint_for_backup

    with ExitStack() as cleaning:
        try:
            answer = ask(store, "POST", "/checkpoints")
        except NotRunning:
            engine = open_store(store)
            cleaning.callback(engine.close)
            folder = checkpoint_for_backup(engine)
        else:
            if answer.status != CREATED:
                raise Refusal(f"le serveur n'a pas pu préparer la sauvegarde : {answer.document.get('detail', answer.status)}")
            folder = store / GENERATIONS / answer.document["folder"]
        cleaning.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


@contextmanager
def _whole_file(output: str) -> Iterator[IO[bytes]]:
    """A file that is there in the end, on the disk, or not at all. Only its owner may read it. Raises OSError."""
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        whole = Path(folder) / path.name
        with whole.open("xb") as file:
            whole.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        whole.replace(path)


def _fault(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename} : {reason}" if error.filename else reason


def _told(facts: Facts) -> str:
    return f"révision {facts.head}, {facts.triples} triplets, {facts.graphs} graphes"


class _Meter:
    """Tells how much is done, now and then, once that takes long."""

    def __init__(self, what: str, size: int) -> None:
        self._what, self._size = what, size
        self._done = 0
        self._told = time.monotonic()

    def __call__(self, more: int) -> None:
        self._done += more
        if time.monotonic() - self._told >= _PATIENCE:
            self._told = time.monotonic()
            share = min(100, 100 * self._done // max(self._size, 1))
            click.echo(f"{self._what} : {share} % ({self._done / 1e6:.0f} Mo).", err=True)
