"""A vocabulary as it will stand in its graph: what the files say, what the store held of the same version, what describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from referentiel.store import Statements
from referentiel.store.changes import object_of, subject_of
from referentiel.vocabularies.crosswalk import Crosswalk
from referentiel.vocabularies.edition import Edition, Vocabulary
from referentiel.vocabularies.lines import link, literal, plain, text
from referentiel.vocabulary import DCT, FOAF, OWL, RDF, SCHEMA, SKOS, VOID, XSD

_LABELS: Final = frozenset(map(str, (SKOS.prefLabel, SKOS.altLabel)))
"""These must differ (SKOS Reference, S13), and are given anew together."""
_IS_BROADER: Final = f"> <{SKOS.broader}> <"
_IS_CONCEPT: Final = f" <{RDF.type}> <{SKOS.Concept}> ."
_DATES: Final = {10: XSD.date, 7: XSD.gYearMonth, 4: XSD.gYear}
"""The type of a date by its length."""


def assembled(vocabulary: Vocabulary | Crosswalk, found: Iterable[str], held: Statements) -> Statements:
    """The statements of the graph. `found`: what the files say; `held`: what the graph holds.

    What is held of the same version stays where the files say nothing else: they may be of another language, or a part.
    A link to a broader concept that nothing describes is left out (SKOS-10).
    """
    new = frozenset(found)
    if isinstance(vocabulary, Crosswalk):
        return new | frozenset(vocabulary.description())
    edition, scheme = vocabulary.edition, vocabulary.scheme
    if version_of(held, scheme) == edition.version:
        new |= _kept(frozenset(line for line in held if not _describes(line, scheme)), new)
    concepts = {subject_of(line) for line in new if line.endswith(_IS_CONCEPT)}
    dangling = {line for line in new if _IS_BROADER in line and object_of(line) not in concepts}
    return (new - dangling) | frozenset(_description(edition, scheme, len(concepts)))


def version_of(held: Iterable[str], scheme: str) -> str:
    """The version of a vocabulary that a graph holds; empty where it says none."""
    begin = f'<{scheme}> <{OWL.versionInfo}> "'
    return next((line[len(begin) :].rpartition('"')[0] for line in held if line.startswith(begin)), "")


def _describes(line: str, scheme: str) -> bool:
    return line.startswith((f"<{scheme}> ", f"<{scheme}/publisher> "))


def _kept(held: Statements, new: Statements) -> Statements:
    """What of a graph stays beside new statements: all but the texts and values that these give anew."""
    said = {_slot(line) for line in new} - {None}
    return frozenset(line for line in held if _slot(line) not in said)


def _slot(line: str) -> tuple[str, str, str] | None:
    """What a literal is a value of: subject, property (a label, whichever) and language; None for a link."""
    subject, predicate, term = line.split(" ", 2)
    if not term.startswith('"'):
        return None
    value = literal(term)
    name = predicate[1:-1]
    return subject, "label" if name in _LABELS else name, value[1] if value else ""


def _description(edition: Edition, scheme: str, size: int) -> Iterator[str]:
    """What is said of a scheme: title, version, date, who publishes it, what may be done with it, how many concepts it has."""
    yield link(scheme, str(RDF.type), str(SKOS.ConceptScheme))
    for language, title in edition.title.items():
        yield text(scheme, str(DCT.title), title, language)
    yield plain(scheme, str(OWL.versionInfo), edition.version)
    if edition.issued:
        yield plain(scheme, str(DCT.issued), edition.issued, str(_DATES[len(edition.issued)]))
    yield link(scheme, str(DCT.license), str(edition.licence))
    yield link(scheme, str(DCT.publisher), f"{scheme}/publisher")
    yield link(f"{scheme}/publisher", str(RDF.type), str(FOAF.Organization))
    yield plain(f"{scheme}/publisher", str(FOAF.name), edition.publisher)
    for language, credit in edition.attribution.items():
        yield text(scheme, str(SCHEMA.creditText), credit, language)
    yield plain(scheme, str(VOID.entities), str(size), str(XSD.integer))
