"""How a référentiel gets from a file into the store: through the gate, in the server that has the store open or without one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from referentiel import console, running
from referentiel.console import Refusal
from referentiel.settings import Settings

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

    from referentiel.gate import Gate
    from referentiel.model import Certification

FRENCH: Final = {"Accept": "application/json", "Accept-Language": "fr"}
"""What the server is told of who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What is to be kept: the file with its bytes, what was read from it, and what was given beside it.

    `guessed`: only the name of the file gave the identifier.
    """

    file: str
    data: bytes
    record: Certification
    title: str | None
    number: str | None
    guessed: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of it: its name, how many triples its graph gained and lost, and what the rules say in one line."""

    certification: str
    added: int
    removed: int
    verdict: str | None


def keep(settings: Settings, deposit: Deposit) -> Kept:
    """Put a référentiel into the store in the place of what it held of it. Raises Refusal: nothing was written then."""
    try:
        return _by_server(settings, deposit)
    except running.NotRunning:
        return _alone(settings, deposit)
    except OSError as error:
        raise Refusal(f"le serveur n'a pas répondu ({error}). Importez de nouveau : ce qui y est déjà ne change pas.") from error


def _alone(settings: Settings, deposit: Deposit) -> Kept:
    """The same when no server has the store open."""
    from referentiel.gate import RulesBroken
    from referentiel.gate.opening import open_gate
    from referentiel.web.refusals import REFUSED, problem_of

    try:
        with console.open_engine(settings) as engine:
            gate = open_gate(engine, settings)
            return _by_gate(gate, deposit)
    except RulesBroken as error:
        raise _broken(deposit, error.report.summary("fr")) from error
    except REFUSED as error:
        raise _refused(deposit, problem_of(error).detail.fr) from error


def _by_gate(gate: Gate, deposit: Deposit) -> Kept:
    from referentiel.access import LOCAL
    from referentiel.gate import Replace
    from referentiel.graph import to_graph
    from referentiel.store.deposit import Document
    from referentiel.store.reading import statements

    name = gate.space.certification(deposit.record.code)
    _refuse_another(gate.engine.graph(name), name, deposit)
    document = Document.of(deposit.file, deposit.data)
    accepted = gate.submit(Replace(name, statements(to_graph(deposit.record, gate.space.base)), document), identity=LOCAL)
    verdict = accepted.report.summary("fr").partition("\n")[0] if accepted.report else None
    own = [change for change in accepted.changes.graphs if change.name == name]
    return Kept(name, sum(len(change.added) for change in own), sum(len(change.removed) for change in own), verdict)


def _by_server(settings: Settings, deposit: Deposit) -> Kept:
    """The same by the server. Raises NotRunning."""
    from rdflib import Graph, URIRef

    from referentiel.web.bodies import TABLES

    path = f"/certifications/{quote(deposit.record.code, safe='')}"
    held = running.ask(settings.store, "GET", path, headers={"Accept": "application/n-triples"})
    if held.status == 200:
        name = URIRef(f"{settings.base}certification/{deposit.record.code}")
        _refuse_another(Graph().parse(data=held.body, format="nt"), name, deposit)
    given = {"name": deposit.file, "title": deposit.title, "number": deposit.number}
    query = urlencode({key: value for key, value in given.items() if value})
    types = {suffix: media_type for media_type, suffix in TABLES.items()}
    media_type = types.get(PurePath(deposit.file).suffix.lower(), "text/plain")  # its reader goes by the content
    answer = running.ask(settings.store, "PUT", f"{path}?{query}", deposit.data, FRENCH | {"Content-Type": media_type})
    told = answer.document
    if answer.status not in {200, 201}:
        raise _broken(deposit, told["report"]["summary"]) if told.get("report") else _refused(deposit, _detail(answer.status, told))
    report = told["report"]
    own = [change for change in told["graphs"] if change["name"] == told["name"]]
    added, removed = (sum(change[kind] for change in own) for kind in ("added", "removed"))
    return Kept(told["name"], added, removed, report and report["summary"].partition("\n")[0])


def _detail(status: int, told: dict[str, Any]) -> str:
    return str(told.get("detail") or f"le serveur a répondu {status}")


def _refuse_another(held: Graph, name: URIRef, deposit: Deposit) -> None:
    """Refuse to replace what the store holds under an identifier that only a file's name gave, when it is something else."""
    from referentiel.graph import from_graph
    from referentiel.vocabulary import RDF, REF

    if not deposit.guessed or (name, RDF.type, REF.Certification) not in held:
        return
    known, record = from_graph(held, name), deposit.record
    if (known.label, known.number) not in ((None, None), (record.label, record.number)):
        title = known.label or known.number
        raise Refusal(
            f"le magasin tient déjà « {title} » sous l'identifiant {record.code}, que donne le nom du fichier."
            f" Pour la remplacer : --id {record.code} ; pour garder les deux, choisissez un autre --id."
        )


def _broken(deposit: Deposit, summary: str) -> Refusal:
    return Refusal(f"{deposit.file} enfreint des règles ; rien n'a été écrit.\n{summary.rstrip()}")


def _refused(deposit: Deposit, why: str) -> Refusal:
    return Refusal(f"{deposit.file} n'a pas été enregistré ; rien n'a été écrit. {why}")
