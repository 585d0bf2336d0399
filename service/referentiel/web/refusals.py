"""Why a write was refused, as a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from referentiel.gate.outcome import KeyReused, NotAllowed, Protected, Refusal, RulesBroken, Stale, Unfit, Unknown, Withdrawn
from referentiel.intake import ReadingLimit
from referentiel.readers.updater import UpdateTimeout, UpdateTooHeavy
from referentiel.sources import UnreadableSource
from referentiel.store import ServiceRefused, StorageFull, StoreError, StoreUnavailable
from referentiel.store.reading import BadData
from referentiel.store.update import BadUpdate, BlankNodes, TooManyChanges, UpdateFailed
from referentiel.validation import InvalidData, InvalidShapes, Language, ValidationLimit
from referentiel.web import problems
from referentiel.web.authentication import not_allowed
from referentiel.web.problems import Problem
from referentiel.web.reports import ELEMENT, SHOWN, told_report
from referentiel.web.texts import Text

_LATER: Final = {"Retry-After": "30"}

REFUSED: Final = (Refusal, StoreError, UnreadableSource, ReadingLimit, ValidationLimit, InvalidData, InvalidShapes)
"""What `problem_of` knows the words for."""


def problem_of(error: Exception, language: Language = "fr") -> Problem:
    """The problem that one of REFUSED is; any other error is raised again. `language`: of the results of rules."""
    if isinstance(error, RulesBroken):
        return _rules_broken(error, language)
    for kind in type(error).__mro__:
        if kind in _TOLD:
            return _TOLD[kind](error)
    raise error


def _rules_broken(error: RulesBroken, language: Language) -> Problem:
    told = told_report(error.report, language)
    number = told["report"]["counts"]["violation"]
    plural = "s" if number > 1 else ""
    return Problem(
        problems.RULES_BROKEN,
        Text(
            f"{number} obligation{plural} enfreinte{plural} : la liste « results » dit lesquelles, où, et comment corriger.",
            f"{number} obligation{plural} broken: the list “results” tells which, where, and how to mend.",
        ),
        more=told,
    )


def _unfit(error: Unfit) -> Problem:
    shown = "".join(f" ; trouvé : {line[:300]}" for line in error.found[:1])
    return Problem(
        problems.UNFIT_DATA,
        Text(f"{error.reason.fr}{shown}", f"{error.reason.en}{shown.replace('trouvé :', 'found:')}"),
        more={"found": [line[:1000] for line in error.found]},
    )


def _protected(error: Protected) -> Problem:
    return Problem(
        problems.PROTECTED_GRAPH, Text(f"Le service tient lui-même {error.name}.", f"The service itself keeps {error.name}.")
    )


def _not_allowed(error: NotAllowed) -> Problem:
    about = ELEMENT.fullmatch(error.name or "")
    return not_allowed(error.operation, about and about[1])


def _stale(error: Stale) -> Problem:
    if error.version is None:
        return Problem(problems.PRECONDITION_FAILED, Text("Il n'y a rien ici à présent.", "There is nothing here now."))
    return Problem(
        problems.PRECONDITION_FAILED,
        Text(f"La version présente est {error.version}.", f"The present version is {error.version}."),
        {"ETag": f'"{error.version}"'},
        {"version": error.version},
    )


def _unknown(error: Unknown) -> Problem:
    name = error.name or "?default"
    return Problem(problems.NOT_FOUND, Text(f"Rien ne porte le nom {name}.", f"Nothing bears the name {name}."))


def _withdrawn(error: Withdrawn) -> Problem:
    return Problem(
        problems.GONE,
        Text(
            f"{error.name} a été retirée ; un PUT la remplace, « restore » en rétablit une version.",
            f"{error.name} was withdrawn; a PUT replaces it, “restore” brings a version of it back.",
        ),
    )


def _key_reused(error: KeyReused) -> Problem:
    number = error.revision.number
    return Problem(
        problems.CONFLICT,
        Text(
            f"Cette Idempotency-Key a servi à une autre requête, devenue la révision {number} ; en choisir une nouvelle.",
            f"This Idempotency-Key was used for another request, which became revision {number}; choose a new one.",
        ),
    )


def _unreadable_source(error: UnreadableSource) -> Problem:
    number = len(error.faults)
    faults = [
        {"expected": fault.expected, "found": fault.found, "remedy": fault.remedy, "sheet": fault.part, "row": fault.row}
        | {"column": fault.column, "text": str(fault)}
        for fault in error.faults[:SHOWN]
    ]
    return Problem(
        problems.UNREADABLE_TABLE,
        Text(f"Défaut 1 sur {number} : {faults[0]['text']}", f"Fault 1 of {number}, told in French: {faults[0]['text']}"),
        more={"file": error.name, "faults": faults},
    )


def _bad_data(error: BadData) -> Problem:
    french = f"ligne {error.line}, colonne {error.column} : " if error.line else ""
    english = f"line {error.line}, column {error.column}: " if error.line else ""
    found = f"{error.excerpt} " if error.excerpt else ""
    syntax = error.syntax.replace("_", "-")
    return Problem(
        problems.BAD_DATA,
        Text(
            f"{french}attendu du {syntax} valide ; trouvé : {found}({error.reason})",
            f"{english}valid {syntax} was expected; found: {found}({error.reason})",
        ),
        more={"line": error.line, "column": error.column},
    )


def _store_unavailable(_: StoreUnavailable) -> Problem:
    return Problem(problems.STORE_UNAVAILABLE, Text("Le magasin ne répond pas.", "The store does not answer."), _LATER)


def _storage_full(_: StorageFull) -> Problem:
    return Problem(problems.STORAGE_FULL, Text("Le disque est plein, ou protégé.", "The disk is full, or protected."), _LATER)


def _limited(error: ReadingLimit | ValidationLimit) -> Problem:
    if error.reason == "fault":
        broken = Text("Le moteur de contrôle ne vient pas à bout de ces données.", "The engine can't cope with these data.")
        return Problem(problems.VALIDATION_LIMIT, broken)
    if error.reason == "busy":
        busy = Text("Les processus de contrôle sont occupés.", "The processes that validate are busy.")
        return Problem(problems.OVERLOADED, busy, {"Retry-After": "5"})
    limit = {"time": Text("de temps", "of time"), "memory": Text("de mémoire", "of memory")}[error.reason]
    return Problem(
        problems.VALIDATION_LIMIT,
        Text(f"La lecture ou le contrôle atteint sa limite {limit.fr}.", f"Reading or validating reaches its limit {limit.en}."),
    )


def _invalid_data(error: InvalidData) -> Problem:
    return Problem(problems.UNFIT_DATA, Text(f"Attendu : du RDF 1.1 ; trouvé : {error}", f"Expected: RDF 1.1; found: {error}"))


def _invalid_shapes(error: InvalidShapes) -> Problem:
    return Problem(problems.INVALID_SHAPES, Text(str(error), str(error)))


def _bad_update(error: StoreError) -> Problem:
    return Problem(problems.BAD_UPDATE, _told(error))


def _blank_nodes(error: BlankNodes) -> Problem:
    return Problem(problems.UNFIT_DATA, _told(error))


def _service_refused(error: ServiceRefused) -> Problem:
    return Problem(problems.SERVICE_REFUSED, _told(error))


def _update_failed(error: UpdateFailed) -> Problem:
    return Problem(problems.CONFLICT, _told(error))


def _too_much(error: StoreError) -> Problem:
    return Problem(problems.VALIDATION_LIMIT, _told(error))


def _refused_by_engine(error: StoreError) -> Problem:
    """What the engine can't do with data that all that was looked at before has let through."""
    french = f"Le moteur refuse ces données : {error.french or error}"
    return Problem(problems.UNFIT_DATA, Text(french, f"The engine refuses these data: {error}"))


def _told(error: StoreError) -> Text:
    """What an error says, in French where it does."""
    return Text(error.french or str(error), str(error))


_TOLD: Final[Mapping[type, Callable[[Any], Problem]]] = {
    Unfit: _unfit,
    Protected: _protected,
    NotAllowed: _not_allowed,
    Stale: _stale,
    Unknown: _unknown,
    Withdrawn: _withdrawn,
    KeyReused: _key_reused,
    UnreadableSource: _unreadable_source,
    BadData: _bad_data,
    StoreUnavailable: _store_unavailable,
    StorageFull: _storage_full,
    ReadingLimit: _limited,
    ValidationLimit: _limited,
    InvalidData: _invalid_data,
    InvalidShapes: _invalid_shapes,
    BadUpdate: _bad_update,
    BlankNodes: _blank_nodes,
    ServiceRefused: _service_refused,
    UpdateFailed: _update_failed,
    TooManyChanges: _too_much,
    UpdateTimeout: _too_much,
    UpdateTooHeavy: _too_much,
    StoreError: _refused_by_engine,
}
