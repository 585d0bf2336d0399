"""What the command line takes in and hands out: files, graphs of the store, refusals. French, for certifying bodies."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

import click

from referentiel.running import NotRunning, ask
from referentiel.settings import BadSetting, Settings

if TYPE_CHECKING:
    from rdflib import Graph

    from referentiel.model import Certification
    from referentiel.store import Engine

T = TypeVar("T")
_PATIENCE: Final = 3
"""Seconds between two words about how far a long load is."""
_RDF_FORMATS = {".ttl": "turtle", ".nt": "nt", ".jsonld": "json-ld", ".rdf": "xml", ".xml": "xml", ".trig": "trig", ".nq": "nquads"}


class Refusal(click.ClickException):
    """What was asked can't be done; the message says why and how to mend it. Exit status 1."""

    def show(self, file: IO[str] | None = None) -> None:
        click.echo(f"Refusé : {self.message}", err=file is None, file=file)


def load_settings(store: Path | None) -> Settings:
    """The settings of the environment, with the store's folder where one is given. Raises Refusal."""
    try:
        settings = Settings.from_environment()
    except BadSetting as error:
        raise Refusal(str(error)) from error
    return replace(settings, store=store) if store else settings


@contextmanager
def open_engine(settings: Settings) -> Iterator[Engine]:
    """The store, closed afterwards."""
    from referentiel.store import open_store

    engine = opened(open_store, settings)
    try:
        yield engine
    finally:
        engine.close()


def opened(opener: Callable[[Path], T], settings: Settings) -> T:
    """The store of the settings, opened. Raises Refusal."""
    from referentiel.store import StoreDamaged, StoreUnavailable

    try:
        return opener(settings.store)
    except StoreDamaged as error:
        remedy = f"rétablissez une sauvegarde : referentiel restore SAUVEGARDE --force --store {settings.store}"
        raise Refusal(
            f"le magasin {settings.store} est abîmé ({error}). Rien n'y a été changé. Pour continuer, {remedy}"
        ) from error
    except StoreUnavailable as error:
        remedy = "arrêtez le serveur qui s'en sert, faites de la place sur le disque, ou choisissez un autre dossier avec --store"
        raise Refusal(f"le magasin {settings.store} ne s'ouvre pas ({error}). Pour continuer : {remedy}.") from error


def read_file(file: Path) -> bytes:
    """The bytes of a file. Raises Refusal."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file} : fichier illisible ({reason(error)}). Vérifiez son nom et son dossier.") from error


def read_table(
    file: Path, data: bytes, certification_id: str | None = None, title: str | None = None, number: str | None = None
) -> Certification:
    """The records of a table. Raises Refusal with each fault on a line of its own."""
    from referentiel.sources import UnreadableSource, read_certification

    try:
        return read_certification(file.name, data, certification_id=certification_id, title=title, number=number)
    except UnreadableSource as error:
        count = f"{len(error.faults)} défauts" if len(error.faults) > 1 else "1 défaut"
        raise Refusal(f"{file} ne peut pas être lu, {count} ; rien n'a été écrit.\n{error}") from error


def load_graph(source: str, settings: Settings) -> Graph:
    """The graph of a table, of an RDF file, or of the store."""
    from referentiel.graph import to_graph

    path = Path(source)
    if not path.is_file():
        return _stored(source, settings)
    if path.suffix.lower() in _RDF_FORMATS:
        return _parsed(path)
    return to_graph(read_table(path, read_file(path)), settings.base)


def load_records(source: str, settings: Settings) -> Certification:
    """The records of a table, or of the one certification of a graph."""
    from rdflib import URIRef

    from referentiel.graph import from_graph
    from referentiel.vocabulary import RDF, REF

    path = Path(source)
    if path.is_file() and path.suffix.lower() not in _RDF_FORMATS:
        return read_table(path, read_file(path))
    graph = load_graph(source, settings)
    certifications = list(graph.subjects(RDF.type, REF.Certification))
    if len(certifications) != 1:
        raise Refusal(f"{source} : attendu une certification ; trouvé {len(certifications)}.")
    return from_graph(graph, URIRef(str(certifications[0])))


def _parsed(path: Path) -> Graph:
    """An RDF file, all its graphs as one. Raises Refusal when it can't be parsed, or describes no certification."""
    from rdflib import Dataset

    from referentiel.vocabulary import RDF, REF, empty_graph

    dataset = Dataset(default_union=True)
    try:
        dataset.parse(data=read_file(path), format=_RDF_FORMATS[path.suffix.lower()])
    except Exception as error:  # each of rdflib's parsers raises its own errors
        reason = " ".join(str(error).split())[:300]
        raise Refusal(f"{path} : attendu du RDF valide ({path.suffix}) ; trouvé : {reason}") from error
    graph = empty_graph()
    for triple in dataset.triples((None, None, None)):
        graph.add(triple)
    if (None, RDF.type, REF.Certification) not in graph:
        raise Refusal(f"{path} : attendu au moins une certification (classe {REF.Certification}) ; trouvé aucune.")
    return graph


def _stored(name: str, settings: Settings) -> Graph:
    """A certification's graph in the store, by its identifier or its IRI."""
    code = name.removeprefix(f"{settings.base}certification/")
    try:
        found, known = _served(code, settings)
    except NotRunning:
        found, known = _held(code, settings)
    if found is None:
        listed = ", ".join(known[:10]) or "aucune"
        raise Refusal(f"{name} : ni un fichier, ni une certification du magasin {settings.store} (certifications : {listed}).")
    return found


def _held(code: str, settings: Settings) -> tuple[Graph | None, list[str]]:
    """A certification's graph in a store that no server has open, and the identifiers that it holds."""
    from rdflib import URIRef

    prefix = f"{settings.base}certification/"
    if not settings.store.is_dir():
        return None, []
    with open_engine(settings) as engine:
        known = [iri.removeprefix(prefix) for iri in engine.graph_names() if iri.startswith(prefix)]
        return (engine.graph(URIRef(prefix + code)) if code in known else None), known


def _served(code: str, settings: Settings) -> tuple[Graph | None, list[str]]:
    """A certification's graph as the server that has the store open gives it, and some identifiers. Raises NotRunning, Refusal."""
    from rdflib import Graph

    from referentiel.vocabulary import HYDRA, empty_graph

    triples = {"Accept": "application/n-triples"}
    try:
        found = ask(settings.store, "GET", f"/certifications/{quote(code, safe='')}", headers=triples)
        if found.status == 200:
            return empty_graph().parse(data=found.body, format="nt"), []
        listed = Graph().parse(data=ask(settings.store, "GET", "/certifications", headers=triples).body, format="nt")
    except NotRunning:
        raise
    except OSError as error:
        raise Refusal(f"le serveur qui se sert du magasin n'a pas répondu ({error}).") from error
    return None, sorted(str(member).rpartition("/")[2] for member in listed.objects(None, HYDRA.member))


def write_output(output: str, data: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; `-` is the standard output."""
    if output == "-":
        sys.stdout.buffer.write(data)
        return
    path = Path(output)
    if path.exists() and not force:
        raise Refusal(f"{path} existe déjà. Pour le remplacer : --force.")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            whole = Path(folder) / path.name
            whole.write_bytes(data)
            whole.replace(path)
    except OSError as error:
        raise Refusal(f"{path} ne peut pas être écrit ({reason(error)}).") from error
    click.echo(f"Écrit : {path}", err=True)


def reason(error: OSError) -> str:
    """Why a file can't be used, in French where that is known."""
    kinds = {FileNotFoundError: "introuvable", IsADirectoryError: "c'est un dossier", PermissionError: "accès refusé"}
    return kinds.get(type(error)) or error.strerror or str(error)


def inventory(certification: Certification) -> str:
    """What was read, counted, then the editors' notes."""
    blocks, competencies = certification.blocks, certification.competencies
    activities = [activity for block in blocks for activity in block.activities]
    counts = {
        "bloc": len(blocks),
        "activité": len(activities),
        "tâche": sum(len(activity.tasks) for activity in activities),
        "compétence": len(competencies),
        "critère": sum(len(competency.criteria) for competency in competencies),
        "évaluation": len(certification.assessments),
    }
    lines = ["Lu : " + ", ".join(f"{number} {word}{'s' if number > 1 else ''}" for word, number in counts.items()) + "."]
    inferred = [link for each in competencies for link in (*each.activities, *each.assessments) if link.rule]
    if inferred:
        lines.append(f"À relire : {len(inferred)} liens que le document n'énonce pas, déduits de sa mise en page.")
    criteria = (criterion for each in competencies for criterion in each.criteria)
    tasks = (task for activity in activities for task in activity.tasks)
    elements = (certification, *blocks, *activities, *tasks, *competencies, *criteria, *certification.assessments)
    lines.extend(f"Remarque sur {element.code} : {element.note.fr}" for element in elements if element.note and element.note.fr)
    return "\n".join(lines)
