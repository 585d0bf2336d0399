"""Every reason for which a write is refused has words for its sender."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rdflib import URIRef

from referentiel.gate import KeyReused, NotAllowed, Protected, Refusal, RulesBroken, Stale, Unfit, Unknown, Withdrawn
from referentiel.history import Kind, Revision
from referentiel.intake import ReadingLimit
from referentiel.readers.updater import UpdateTimeout, UpdateTooHeavy
from referentiel.sources import Fault, UnreadableSource
from referentiel.store import BadQuery, ServiceRefused, StorageFull, StoreError, StoreUnavailable
from referentiel.store.reading import BadData
from referentiel.store.update import BadUpdate, BlankNodes, TooManyChanges, UpdateFailed
from referentiel.validation import Bilingual, InvalidData, InvalidShapes, ValidationLimit
from referentiel.validation.here import apply_rules
from referentiel.web.refusals import REFUSED, problem_of
from web.writing import broken

NAME = URIRef("https://w3id.org/referentiel/id/certification/RNCP1")
REVISION = Revision(
    number=7,
    iri=URIRef("urn:revision"),
    at=datetime(2026, 1, 2, tzinfo=UTC),
    who="essai",
    kind=Kind.REPLACE,
    graphs=(NAME,),
    added=1,
    removed=0,
    shapes="1",
    digest="0" * 64,
)
REASONS = [
    (Unfit(Bilingual("ceci", "this"), ("<urn:a> <urn:b> <urn:c> .",)), 422, "this"),
    (Protected(NAME), 403, str(NAME)),
    (NotAllowed("write", NAME), 403, "RNCP1"),
    (NotAllowed("graphs", None), 403, "graphs"),
    (Stale(3), 412, "3"),
    (Stale(None), 412, "nothing"),
    (Unknown(NAME), 404, str(NAME)),
    (Unknown(None), 404, "default"),
    (Withdrawn(NAME), 410, "restore"),
    (KeyReused(REVISION), 409, "7"),
    (UnreadableSource("a.csv", [Fault("une ligne", "rien", "ajoutez-la", row=3)]), 422, "ajoutez-la"),
    (BadData("N_TRIPLES", "no such thing", 3, 4, "<x"), 400, "line 3, column 4: valid N-TRIPLES"),
    (BadUpdate("no verb", "pas de verbe"), 400, "no verb"),
    (BlankNodes("a blank node"), 422, "a blank node"),
    (ServiceRefused("no LOAD"), 403, "no LOAD"),
    (UpdateFailed("there is none"), 409, "there is none"),
    (TooManyChanges("9"), 422, "9"),
    (UpdateTimeout("30 s"), 422, "30 s"),
    (UpdateTooHeavy("1 GiB"), 422, "1 GiB"),
    (ReadingLimit("time"), 422, "time"),
    (ReadingLimit("memory"), 422, "memory"),
    (ReadingLimit("busy"), 503, "busy"),
    (ValidationLimit("time"), 422, "time"),
    (ValidationLimit("fault"), 422, "cope"),
    (InvalidData("a triple"), 422, "a triple"),
    (InvalidShapes("rs:X"), 422, "rs:X"),
    (StorageFull("no space"), 507, "full"),
    (StoreUnavailable("closed"), 503, "store"),
    (BadQuery("no such IRI"), 422, "no such IRI"),
    (StoreError("no such thing"), 422, "no such thing"),
]


@pytest.mark.parametrize(("error", "status", "words"), REASONS, ids=lambda value: type(value).__name__)
def test_each_reason_is_told(error: Exception, status: int, words: str) -> None:
    assert isinstance(error, REFUSED)
    problem = problem_of(error)
    assert problem.kind.status == status
    assert words in problem.detail.en
    assert problem.detail.fr
    assert status not in {503, 507} or problem.headers["Retry-After"].isdecimal()


def test_every_refusal_of_the_gate_is_among_them() -> None:
    told = {type(error) for error, _, _ in REASONS}
    assert set(Refusal.__subclasses__()) == {kind for kind in told if issubclass(kind, Refusal)} | {RulesBroken}


def test_what_the_rules_found_is_told_in_the_language_of_the_reader() -> None:
    error = RulesBroken(apply_rules(broken("X").splitlines()))
    french, english = problem_of(error, "fr"), problem_of(error, "en")
    assert french.kind.status == 422
    assert "aucun critère" in french.more["results"][0]["message"]
    assert "no assessment criterion" in english.more["results"][0]["message"]
    assert french.more["report"]["summary"].startswith("Le référentiel n'est pas conforme")


def test_any_other_error_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        problem_of(ZeroDivisionError())
