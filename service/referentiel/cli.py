"""The command `referentiel`: parses arguments, calls, prints.

Libraries are imported where they are needed: a command must not wait for what it doesn't use.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Literal, NoReturn

import click

from referentiel import __version__, console
from referentiel.commands.audit import audit
from referentiel.commands.backup import backup, restore
from referentiel.commands.link import link
from referentiel.commands.shapes import shapes
from referentiel.commands.token import token
from referentiel.console import Refusal

_store = click.option("--store", type=click.Path(path_type=Path), metavar="DOSSIER", help="Dossier du magasin de graphes.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=False)
@click.version_option(__version__, "--version", help="Affiche la version et quitte.")
def cli() -> None:
    """Référentiel : les certifications professionnelles françaises en graphe de connaissances."""


cli.add_command(token)
cli.add_command(backup)
cli.add_command(restore)
cli.add_command(audit)
cli.add_command(shapes)
cli.add_command(link)


@cli.command("import")
@click.argument("files", metavar="FICHIER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--id",
    "certification_id",
    metavar="ID",
    help="Identifiant de la certification (à défaut : celui du tableau, ou le nom du fichier).",
)
@click.option("--title", metavar="TEXTE", help="Intitulé, quand le tableau ne le donne pas.")
@click.option("--number", metavar="NUMÉRO", help="Numéro RNCP ou RS, quand le tableau ne le donne pas.")
@click.option(
    "--output",
    "-o",
    metavar="FICHIER",
    help="Écrit le graphe (Turtle) dans ce fichier, « - » pour l'afficher, sans toucher au magasin.",
)
@click.option("--version", metavar="VERSION", default="", help="Version du vocabulaire, comme 1.1.1 (ESCO).")
@click.option("--issued", metavar="DATE", default="", help="Date de publication du vocabulaire, comme 2022-09-13.")
@click.option("--difference", metavar="FICHIER", help="Écrit en CSV ce que change cette version du vocabulaire.")
@click.option("--force", is_flag=True, help="Remplace un vocabulaire même par une version qui en perd beaucoup de concepts.")
@_store
def import_(
    files: tuple[Path, ...],
    certification_id: str | None,
    title: str | None,
    number: str | None,
    output: str | None,
    version: str,
    issued: str,
    difference: str | None,
    store: Path | None,
    *,
    force: bool,
) -> None:
    """Lit un référentiel ou un vocabulaire du marché du travail, le contrôle, et le range dans le magasin.

    Un référentiel est un fichier (texte, CSV, XLSX, HTML, DOCX). Quand un serveur se sert du magasin, l'import passe par lui.

    Un vocabulaire est donné comme il est publié, en fichiers CSV ou JSON, dossiers ou archives ZIP : ESCO (avec --version), ROME 4,
    NSF, ou la correspondance ESCO-ROME. La même version dans une autre langue ajoute ses libellés ; une autre version remplace
    la première, et dit ce qui change. Le serveur doit être arrêté.

    Ce qui enfreint une obligation est refusé avec son rapport : rien n'est écrit.
    """
    from referentiel.commands import vocabularies

    if vocabularies.is_vocabulary(files):
        if certification_id or title or number or output:
            raise Refusal("--id, --title, --number et --output valent pour un référentiel ; ces fichiers sont d'un vocabulaire.")
        settings = console.load_settings(store)
        vocabularies.keep(files, settings, version=version, issued=issued, table=difference, force=force)
        return
    if len(files) > 1:
        raise Refusal(
            f"{len(files)} fichiers : attendu un référentiel à la fois, ou les fichiers d'un vocabulaire (ESCO, ROME, NSF)."
        )
    if version or issued or difference or force:
        raise Refusal(
            f"{files[0]} : --version, --issued, --difference et --force valent pour un vocabulaire ; ce fichier n'en est pas un."
        )
    _import_certification(files[0], certification_id, title, number, output, store)


def _import_certification(
    file: Path, certification_id: str | None, title: str | None, number: str | None, output: str | None, store: Path | None
) -> None:
    """Read one référentiel and put it in the store, or write its graph."""
    from referentiel.commands import importing
    from referentiel.graph import to_graph, to_turtle
    from referentiel.sources import identifier

    settings = console.load_settings(store)
    data = console.read_file(file)
    record = console.read_table(file, data, certification_id, title, number)
    if output:
        console.write_output(output, to_turtle(to_graph(record, settings.base)), force=True)
        click.echo(console.inventory(record), err=True)
        return
    guessed = certification_id is None and record.code == identifier(file.name)
    deposit = importing.Deposit(file=file.name, data=data, record=record, title=title, number=number, guessed=guessed)
    kept = importing.keep(settings, deposit)
    click.echo(f"{kept.certification}\n{console.inventory(record)}")
    if kept.added or kept.removed:
        click.echo(f"Magasin : {kept.added} triplets ajoutés, {kept.removed} retirés.")
    else:
        click.echo("Magasin : rien à changer, le graphe y était déjà.")
    if kept.verdict:
        click.echo(kept.verdict)
    click.echo(f"Pour contrôler : referentiel validate {record.code}" + (f" --store {store}" if store else ""))


@cli.command()
@click.argument("files", metavar="FICHIER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--graph", metavar="IRI", help="Graphe nommé qui reçoit les triplets, ajoutés à ce qu'il contient.")
@click.option("--base", metavar="IRI", help="Base des IRI relatifs (à défaut : le fichier lui-même, file:///…).")
@click.option("--unchecked", is_flag=True, help="Charge tout tel quel : ni règle, ni historique.")
@_store
def load(files: tuple[Path, ...], graph: str | None, base: str | None, store: Path | None, *, unchecked: bool) -> None:
    """Charge en masse du RDF dans un magasin qu'aucun serveur n'a ouvert ; sort avec 1 quand un graphe est refusé.

    Selon le nom du fichier : Turtle (.ttl), N-Triples (.nt), RDF/XML (.rdf, .xml, .owl), JSON-LD (.jsonld), N3 (.n3),
    N-Quads (.nq), TriG (.trig), compressés ou non (.gz).

    Sans --graph, les triplets vont dans le graphe sans nom : les requêtes les voient, sauf celles qui choisissent leurs graphes
    (FROM, GRAPH). Les graphes nommés d'un fichier N-Quads, TriG ou JSON-LD gardent leur nom. Un triplet chargé dans deux graphes
    est compté deux fois.

    Chaque graphe est contrôlé comme toute écriture : il entre en entier, ou il est refusé et les raisons en sont dites.
    """
    from referentiel.commands import load as loading

    settings = console.load_settings(store)
    if unchecked:
        loading.load_unchecked(files, settings, graph, base)
    elif not loading.load(files, settings, graph, base):
        sys.exit(1)


@cli.command()
@click.argument("file", metavar="FICHIER")
@click.option("--force", is_flag=True, help="Remplace un fichier qui existe.")
def template(file: str, *, force: bool) -> None:
    """Écrit un modèle vide à remplir (.xlsx ou .csv ; « - » affiche le CSV). Une ligne par critère."""
    from referentiel.exports import table

    if file.lower().endswith(".xlsx"):
        console.write_output(file, table.empty_xlsx(), force=force)
    elif file == "-" or file.lower().endswith(".csv"):
        console.write_output(file, table.empty_csv(), force=force)
    else:
        raise Refusal(f"{file} : attendu un nom qui finit par .xlsx ou .csv.")


@cli.command()
@click.argument("source", metavar="FICHIER|GRAPHE")
@click.argument("output", metavar="SORTIE")
@click.option("--force", is_flag=True, help="Remplace un fichier qui existe.")
@_store
def export(source: str, output: str, store: Path | None, *, force: bool) -> None:
    """Écrit une certification en tableau (.csv, .xlsx) ou en graphe (.ttl), rien n'étant perdu."""
    from referentiel.exports import table
    from referentiel.graph import to_graph, to_turtle

    settings = console.load_settings(store)
    certification = console.load_records(source, settings)
    suffix = Path(output).suffix.lower()
    if suffix == ".ttl":
        data = to_turtle(to_graph(certification, settings.base))
    elif suffix in (".csv", ".xlsx"):
        try:
            data = table.to_xlsx(certification) if suffix == ".xlsx" else table.to_csv(certification)
        except table.TextTooLong as error:
            raise Refusal(f"{output} : un texte ne tient pas dans une cellule ({error}). Choisissez .csv ou .ttl.") from error
    else:
        raise Refusal(f"{output} : attendu un nom qui finit par .csv, .xlsx ou .ttl.")
    console.write_output(output, data, force=force)


@cli.command()
@click.argument("source", metavar="FICHIER|GRAPHE")
@click.option("--format", "form", type=click.Choice(["text", "turtle", "json"]), default="text", help="Forme du rapport.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Langue du rapport.")
@_store
def validate(source: str, form: str, lang: Literal["fr", "en"], store: Path | None) -> None:
    """Contrôle un référentiel : tableau, fichier RDF, ou graphe du magasin. Sort avec 0 s'il est conforme, 1 sinon."""
    from referentiel import resources
    from referentiel.validation import validate as check

    report = check(console.load_graph(source, console.load_settings(store)), resources.shapes(), resources.background())
    if form == "turtle":
        click.echo(report.to_turtle(), nl=False)
    elif form == "json":
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(report.summary(lang), nl=False)
    sys.exit(0 if report.conforms else 1)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d'écoute.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port d'écoute.")
@_store
def serve(host: str, port: int, store: Path | None) -> None:
    """Sert le graphe : SPARQL, JSON-LD et pages, sur http://127.0.0.1:8000."""
    from referentiel.serving import AddressInUse, LogUnavailable, run
    from referentiel.settings import BadSetting
    from referentiel.store import StoreUnavailable

    settings = console.load_settings(store)
    with console.open_engine(settings) as engine:
        try:
            run(engine, settings, host, port)
        except LogUnavailable as error:
            raise Refusal(f"REFERENTIEL_ACCESS_LOG : un fichier où l'on peut écrire est attendu ; trouvé {error}.") from error
        except AddressInUse as error:
            raise Refusal(
                f"impossible d'écouter sur {error}. Choisissez un autre port : --port 8001 (make serve PORT=8001)."
            ) from error
        except BadSetting as error:
            raise Refusal(str(error)) from error
        except StoreUnavailable as error:
            raise Refusal(f"le magasin {settings.store} ne peut pas servir : {error.french or error}.") from error


def main() -> NoReturn:
    """Run the command; errors are told in French, without a traceback."""
    from referentiel.usage import explain

    try:
        cli.main(standalone_mode=False)
    except click.UsageError as error:
        click.echo(explain(error), err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone, as in `referentiel template - | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrompu.", err=True)
        sys.exit(130)
    sys.exit(0)
