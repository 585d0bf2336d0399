"""ESCO, as the European Commission publishes it in CSV: skills, occupations, their groups, hierarchies and relations.

Each file is read by its header: the columns differ between files, languages and versions. The properties are those of ESCO's own
ontology. A concept keeps its IRI, and is in ESCO's schemes as well as in ours, which says which version it is of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from referentiel.vocabularies import tables
from referentiel.vocabularies.edition import Edition
from referentiel.vocabularies.lines import link, plain, text
from referentiel.vocabularies.members import Member
from referentiel.vocabularies.tables import Row
from referentiel.vocabulary import CC_BY, DCT, ESCO, ESCO_ISCO, ESCO_REUSE_LEVEL, ESCO_SKILL_TYPE, OWL, RDF, SKOS, XSD

_NAME: Final = re.compile(r"(?P<table>[A-Za-z]+?)(?:_(?P<language>[a-z]{2}))?\.csv", re.IGNORECASE)
_ISCO: Final = re.compile(r"[0-9]{1,4}")
_MOMENT: Final = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z")

_A, _IN_SCHEME, _BROADER = str(RDF.type), str(SKOS.inScheme), str(SKOS.broader)
_CONCEPT, _SCHEME = str(SKOS.Concept), str(SKOS.ConceptScheme)
_PREFERRED, _OTHER, _HIDDEN = str(SKOS.prefLabel), str(SKOS.altLabel), str(SKOS.hiddenLabel)
_RELATED: Final = {
    "essential": (str(ESCO.relatedEssentialSkill), str(ESCO.isEssentialSkillFor)),
    "optional": (str(ESCO.relatedOptionalSkill), str(ESCO.isOptionalSkillFor)),
}
"""How a relation is called from who needs the skill, and from the skill."""
_SKILL_TYPES: Final = {"skill/competence": str(ESCO_SKILL_TYPE.skill), "knowledge": str(ESCO_SKILL_TYPE.knowledge)}
_REUSE_LEVELS: Final = {
    level: str(ESCO_REUSE_LEVEL[level]) for level in ("transversal", "cross-sector", "sector-specific", "occupation-specific")
}
_NOTES: Final = {"description": str(DCT.description), "definition": str(SKOS.definition), "scopeNote": str(SKOS.scopeNote)}

TITLE: Final = {
    "fr": "ESCO, classification européenne des aptitudes, compétences, certifications et professions",
    "en": "ESCO, European Skills, Competences, Qualifications and Occupations",
}
ATTRIBUTION: Final = {
    "fr": "Ce service utilise la classification ESCO de la Commission européenne.",
    "en": "This service uses the ESCO classification of the European Commission.",
}

Reading = Callable[[Row, str, str], Iterator[str]]
"""A row, the language of its table and our scheme -> lines."""


@dataclass(frozen=True)
class Esco:
    """The files of one version of ESCO, in one or several languages: a Vocabulary."""

    files: Sequence[Member]
    edition: Edition
    scheme: str

    @cached_property
    def size(self) -> int:
        """Rows that will be read. Raises UnreadableVocabulary."""
        return sum(map(tables.count, self.files))

    def statements(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """See Vocabulary."""
        number = 0
        for member in self.files:
            table, language = _table(member)
            required, read = TABLES[table]
            described: dict[str, int] = {}
            for row in tables.rows(member, required):
                number += 1
                if required == _DESCRIBED:
                    _require_new(row, described)
                yield number, tuple(read(row, language, self.scheme))


def edition(version: str, issued: str) -> Edition:
    """What is said of a version of ESCO."""
    return Edition(
        scheme="esco",
        version=version,
        title=TITLE,
        publisher="European Commission",
        licence=CC_BY,
        attribution=ATTRIBUTION,
        issued=issued,
    )


def belongs(name: str) -> bool:
    """Whether a file is one of ESCO's, by its name: one that is read, or that repeats what others say."""
    table = _word(name)
    return table in _BY_WORD or table in _REPEATING


def readable(name: str) -> bool:
    """Whether a file of ESCO is one that is read."""
    return _word(name) in _BY_WORD


def _word(name: str) -> str:
    match = _NAME.fullmatch(name)
    return match["table"].lower() if match else ""


def _table(member: Member) -> tuple[str, str]:
    """Which table a file holds, and in which language. Raises UnreadableVocabulary when a table of texts does not say that."""
    match = _NAME.fullmatch(member.name)
    assert match is not None, "it belongs"
    table = _BY_WORD[match["table"].lower()]
    language = (match["language"] or "").lower()
    if not language and _PREFERRED_COLUMN in TABLES[table][0]:
        expected = f"un nom qui dit la langue, comme {table}_fr.csv"
        raise member.fault(expected, member.name, "renommez le fichier comme son éditeur le nomme")
    return table, language


def _require_new(row: Row, described: dict[str, int]) -> None:
    """Raise UnreadableVocabulary for a concept that a row above describes."""
    former = described.setdefault(row.get(_KEY), row.number)
    if former != row.number:
        raise row.fault(_KEY, f"un concept par ligne ; il est déjà à la ligne {former}", "gardez une seule des deux lignes")


def _concept(row: Row, language: str, scheme: str) -> Iterator[str]:
    """What every concept has. Its other labels differ from the preferred one (SKOS Reference, S13)."""
    concept = row.iri(_KEY)
    yield link(concept, _A, _CONCEPT)
    yield from (link(concept, _IN_SCHEME, each) for each in (scheme, *row.iris("inScheme")))
    preferred = row.label(_PREFERRED_COLUMN)
    others = [label for label in row.labels("altLabels") if label != preferred]
    hidden = [label for label in row.labels("hiddenLabels") if label != preferred and label not in others]
    yield text(concept, _PREFERRED, preferred, language)
    yield from (text(concept, _OTHER, label, language) for label in others)
    yield from (text(concept, _HIDDEN, label, language) for label in hidden)
    for column, predicate in _NOTES.items():
        if note := row.note(column):
            yield text(concept, predicate, note, language)
    if row.get("code"):
        yield plain(concept, str(SKOS.notation), row.label("code"))
    if row.get("status") == "obsolete":
        yield plain(concept, str(OWL.deprecated), "true", str(XSD.boolean))
    yield from _modified(row, concept)


def _modified(row: Row, concept: str) -> Iterator[str]:
    if row.get("modifiedDate"):
        moment = row.code("modifiedDate", _MOMENT, "2016-12-20T17:43:43Z")
        whole, dot, fraction = moment.removesuffix("Z").partition(".")
        fraction = fraction.rstrip("0")  # as the engine writes it
        yield plain(concept, str(DCT.modified), f"{whole}{dot if fraction else ''}{fraction}Z", str(XSD.dateTime))


def _skill(row: Row, language: str, scheme: str) -> Iterator[str]:
    yield from _concept(row, language, scheme)
    skill = row.iri(_KEY)
    yield link(skill, _A, str(ESCO.Skill))
    if kind := row.one_of("skillType", _SKILL_TYPES):
        yield link(skill, str(ESCO.skillType), kind)
    if level := row.one_of("reuseLevel", _REUSE_LEVELS):
        yield link(skill, str(ESCO.skillReuseLevel), level)


def _occupation(row: Row, language: str, scheme: str) -> Iterator[str]:
    yield from _concept(row, language, scheme)
    occupation = row.iri(_KEY)
    yield link(occupation, _A, str(ESCO.Occupation))
    if row.get("iscoGroup"):
        group = row.code("iscoGroup", _ISCO, "2654")
        yield link(occupation, str(ESCO.memberOfISCOGroup), str(ESCO_ISCO[f"C{group}"]))


def _scheme(row: Row, language: str, _scheme: str) -> Iterator[str]:
    """A scheme of ESCO's own: a pillar, or a collection of skills."""
    scheme = row.iri("conceptSchemeUri")
    yield link(scheme, _A, _SCHEME)
    yield text(scheme, _PREFERRED, row.label(_PREFERRED_COLUMN), language)
    if note := row.note("description"):
        yield text(scheme, str(DCT.description), note, language)


def _broader(row: Row, _language: str, _scheme: str) -> Iterator[str]:
    yield link(row.iri(_KEY), _BROADER, row.iri("broaderUri"))


def _relation(who: str, what: str) -> Reading:
    """Reads a relation from who needs a skill to the skill, which is stored with its inverse."""

    def read(row: Row, _language: str, _scheme: str) -> Iterator[str]:
        needing, skill = row.iri(who), row.iri(what)
        kind = row.one_of("relationType", _RELATED)
        if kind is None:
            raise row.fault("relationType", "« essential » ou « optional »", "complétez la cellule, ou retirez la ligne")
        yield link(needing, kind[0], skill)
        yield link(skill, kind[1], needing)

    return read


_KEY: Final = "conceptUri"
_PREFERRED_COLUMN: Final = "preferredLabel"
_DESCRIBED: Final = (_KEY, _PREFERRED_COLUMN)
_BROADER_COLUMNS: Final = (_KEY, "broaderUri")

TABLES: Final[dict[str, tuple[tuple[str, ...], Reading]]] = {
    "skills": (_DESCRIBED, _skill),
    "occupations": (_DESCRIBED, _occupation),
    "ISCOGroups": (_DESCRIBED, _concept),
    "skillGroups": (_DESCRIBED, _concept),
    "conceptSchemes": (("conceptSchemeUri", _PREFERRED_COLUMN), _scheme),
    "broaderRelationsOccPillar": (_BROADER_COLUMNS, _broader),
    "broaderRelationsSkillPillar": (_BROADER_COLUMNS, _broader),
    "occupationSkillRelations": (
        ("occupationUri", "relationType", "skillUri"),
        _relation("occupationUri", "skillUri"),
    ),
    "skillSkillRelations": (
        ("originalSkillUri", "relationType", "relatedSkillUri"),
        _relation("originalSkillUri", "relatedSkillUri"),
    ),
}
"""Table -> the columns that it must have, and how its rows are read."""
_BY_WORD: Final = {table.lower(): table for table in TABLES}
_REPEATING: Final = frozenset(
    {
        "skillshierarchy",
        "digcompskillscollection",
        "digitalskillscollection",
        "greenskillscollection",
        "languageskillscollection",
        "researchoccupationscollection",
        "researchskillscollection",
        "transversalskillscollection",
        "dictionary",
    }
)
"""What these say is in the others: the schemes that a concept is in, and what is broader."""
