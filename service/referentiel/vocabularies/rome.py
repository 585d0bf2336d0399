"""ROME 4, the French register of occupations: its fiches and appellations (CSV), its savoir-faire and savoirs (CSV or JSON).

France Travail gives no IRIs: ours are below the scheme, by kind and code, and each kind is a scheme of its own within it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Final

from referentiel.vocabularies import tables
from referentiel.vocabularies.edition import Edition
from referentiel.vocabularies.faults import quote
from referentiel.vocabularies.lines import link, on_one_line, plain, text
from referentiel.vocabularies.members import Member
from referentiel.vocabularies.tables import Row
from referentiel.vocabulary import DCT, LICENCE_OUVERTE, RDF, SKOS

TITLE: Final = {
    "fr": "ROME, répertoire opérationnel des métiers et des emplois",
    "en": "ROME, the French operational directory of occupations and jobs",
}
ATTRIBUTION: Final = {
    "fr": "Source : France Travail, Répertoire opérationnel des métiers et des emplois (ROME), Licence Ouverte.",
    "en": "Source: France Travail, operational directory of occupations and jobs (ROME), Licence Ouverte.",
}
KINDS: Final = {
    "domaine": ("Domaines du ROME", "Domains of ROME"),
    "fiche": ("Fiches métiers du ROME", "Occupation sheets of ROME"),
    "appellation": ("Appellations du ROME", "Job titles of ROME"),
    "savoir-faire": ("Savoir-faire du ROME", "Know-how of ROME"),
    "savoir": ("Savoirs du ROME", "Knowledge of ROME"),
}
"""The schemes within ROME: what IRIs of their concepts have after the scheme's."""

_FICHE: Final = re.compile(r"[A-Z][0-9]{4}")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_TERM: Final = re.compile(r"rome:term/(skill|knowledge)/([0-9A-Za-z]{1,64})")
_DOMAIN: Final = re.compile(r"[A-Z](?:[0-9]{2}(?:[0-9]{2})?)?")
_VERSION: Final = re.compile(r"_v([0-9])([0-9]{2})(?:_utf8)?\.(?:csv|json)", re.IGNORECASE)
_AGAIN: Final = "reprenez le fichier tel que son éditeur le publie"

_A, _IN_SCHEME, _BROADER = str(RDF.type), str(SKOS.inScheme), str(SKOS.broader)
_CONCEPT, _SCHEME, _NOTATION = str(SKOS.Concept), str(SKOS.ConceptScheme), str(SKOS.notation)
_PREFERRED, _OTHER, _HIDDEN = str(SKOS.prefLabel), str(SKOS.altLabel), str(SKOS.hiddenLabel)


@dataclass(frozen=True)
class Rome:
    """The files of one version of ROME: a Vocabulary."""

    files: Sequence[Member]
    edition: Edition
    scheme: str

    @cached_property
    def size(self) -> int:
        """Rows that will be read. Raises UnreadableVocabulary."""
        return sum(_length(member) if _is_json(member) else tables.count(member) for member in self.files)

    def statements(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """See Vocabulary."""
        concepts = _Concepts(self.scheme)
        rows = chain.from_iterable(map(concepts.of, self.files))
        for number, found in enumerate(chain([_parts(self.scheme)], rows)):
            yield number, tuple(found)


def edition(version: str, issued: str) -> Edition:
    """What is said of a version of ROME."""
    return Edition(
        scheme="rome",
        version=version,
        title=TITLE,
        publisher="France Travail",
        licence=LICENCE_OUVERTE,
        attribution=ATTRIBUTION,
        issued=issued,
    )


def belongs(name: str) -> bool:
    """Whether a file is one of ROME's, by its name."""
    return _form(name) is not None or name.lower().startswith("unix_") or name.lower() in _UNNAMED


def readable(name: str) -> bool:
    """Whether a file of ROME is one that is read."""
    return _form(name) is not None


def version_of(names: Sequence[str]) -> str:
    """The version that the names of files give, 4.60 for `…_v460_utf8.csv`; empty where they give none, or several."""
    found = {f"{match[1]}.{match[2]}" for name in names if (match := _VERSION.search(name))}
    return found.pop() if len(found) == 1 else ""


def _form(name: str) -> str | None:
    """How a file is read."""
    return next((form for form, pattern in _NAMES.items() if pattern.fullmatch(name)), None)


def _length(member: Member) -> int:
    """How many terms a document of JSON holds; none where it is no collection, which its reading tells."""
    document = member.document()
    return len(document) if isinstance(document, list | dict) else 0


def _is_json(member: Member) -> bool:
    return member.name.lower().endswith(".json")


class _Concepts:
    """The concepts of one scheme, as lines."""

    def __init__(self, scheme: str) -> None:
        self._scheme = scheme

    def of(self, member: Member) -> Iterator[Iterator[str]]:
        """The lines of each row of a file. Raises UnreadableVocabulary."""
        form = _form(member.name)
        assert form is not None, "it is readable"
        if form in _TABLES:
            required, read = _TABLES[form]
            return (read(self, row) for row in tables.rows(member, required))
        document = member.document()
        if form == "names":
            return self._names(member, document)
        return self._terms(member, document)

    def fiche(self, row: Row) -> Iterator[str]:
        """A fiche is narrower than the one that it was parted from, else than its domain, which ROME numbers by beginnings."""
        code = row.code("code_rome", _FICHE, "M1805")
        parent = row.code("code_rome_parent", _FICHE, "M1805") if row.get("code_rome_parent") else code
        yield from self._concept("fiche", code, row.label("libelle_rome"))
        kind, above = ("fiche", parent) if parent != code else ("domaine", code[:3])
        yield link(self._iri("fiche", code), _BROADER, self._iri(kind, above))
        yield from self._described(kind, above)
        yield from self._domain(code[:3])

    def appellation(self, row: Row) -> Iterator[str]:
        """A job title belongs to a fiche. Its short form is another label."""
        code = row.code("code_ogr", _NUMBER, "10200")
        label = row.label("libelle_appellation_long")
        yield from self._concept("appellation", code, label)
        if (short := on_one_line(row.get("libelle_appellation_court"))) and short != label:
            yield text(self._iri("appellation", code), _OTHER, short, "fr")
        fiche = row.code("code_rome", _FICHE, "M1805")
        yield link(self._iri("appellation", code), _BROADER, self._iri("fiche", fiche))
        yield from self._described("fiche", fiche)

    def competence(self, row: Row) -> Iterator[str]:
        """A savoir-faire of the CSV files."""
        return self._concept("savoir-faire", row.code("code_ogr", _NUMBER, "121876"), row.label("libelle_competence"))

    def savoir(self, row: Row) -> Iterator[str]:
        """A savoir of the CSV files."""
        return self._concept("savoir", row.code("code_ogr_savoir", _NUMBER, "102345"), row.label("libelle_savoir"))

    def _terms(self, member: Member, document: Any) -> Iterator[Iterator[str]]:
        """Savoir-faire and savoirs of the JSON files: `[{"id": "rome:term/skill/121876", "prefLabel": [{"value": …}]}]`."""
        for number, item in enumerate(_listed(member, document), start=1):
            name = item.get("id") if isinstance(item, dict) else None
            found = _TERM.fullmatch(name) if isinstance(name, str) else None
            label = _label(item)
            if found is None or not label:
                expected = "un objet avec « id » (rome:term/skill/… ou rome:term/knowledge/…) et « prefLabel »"
                raise member.fault(expected, quote(str(item)), _AGAIN, number)
            yield self._concept("savoir-faire" if found[1] == "skill" else "savoir", found[2], label)

    def _names(self, member: Member, document: Any) -> Iterator[Iterator[str]]:
        """The names of the domains, `{"A11": …}`; and what fiches were called before, by which people still look for them."""
        if not isinstance(document, dict):
            raise member.fault("un objet : code → intitulé", quote(str(document)), _AGAIN)
        for number, (code, name) in enumerate(document.items(), start=1):
            label = on_one_line(name) if isinstance(name, str) else ""
            if not label or not _DOMAIN.fullmatch(code):
                raise member.fault("un code comme A11 et son intitulé", quote(f"{code} : {name}"), _AGAIN, number)
            yield self._named(code, label)

    def _named(self, code: str, label: str) -> Iterator[str]:
        if _FICHE.fullmatch(code):
            yield text(self._iri("fiche", code), _HIDDEN, label, "fr")
            return
        yield text(self._iri("domaine", code), _PREFERRED, label, "fr")
        yield from self._domain(code)

    def _domain(self, code: str) -> Iterator[str]:
        """A domain and the one that it lies in: A11, A."""
        yield from self._described("domaine", code)
        if len(code) > 1:
            yield link(self._iri("domaine", code), _BROADER, self._iri("domaine", code[0]))
            yield from self._described("domaine", code[0])

    def _concept(self, kind: str, code: str, label: str) -> Iterator[str]:
        yield text(self._iri(kind, code), _PREFERRED, label, "fr")
        yield from self._described(kind, code)

    def _described(self, kind: str, code: str) -> Iterator[str]:
        concept = self._iri(kind, code)
        yield link(concept, _A, _CONCEPT)
        yield link(concept, _IN_SCHEME, self._scheme)
        yield link(concept, _IN_SCHEME, f"{self._scheme}/{kind}")
        yield plain(concept, _NOTATION, code)

    def _iri(self, kind: str, code: str) -> str:
        return f"{self._scheme}/{kind}/{code}"


def _parts(scheme: str) -> Iterator[str]:
    """The schemes within ROME's."""
    for kind, (french, english) in KINDS.items():
        part = f"{scheme}/{kind}"
        yield link(part, _A, _SCHEME)
        yield link(part, str(DCT.isPartOf), scheme)
        yield text(part, _PREFERRED, french, "fr")
        yield text(part, _PREFERRED, english, "en")


def _listed(member: Member, document: Any) -> list[Any]:
    if not isinstance(document, list):
        raise member.fault("une liste d'objets", quote(str(document)), _AGAIN)
    return document


def _label(item: Any) -> str:
    """The label of a term; empty where it has none."""
    labels = item.get("prefLabel") if isinstance(item, dict) else None
    first = labels[0] if isinstance(labels, list) and labels else None
    value = first.get("value") if isinstance(first, dict) else None
    return on_one_line(value)[: tables.MAX_TEXT] if isinstance(value, str) else ""


_TABLES: Final[dict[str, tuple[tuple[str, ...], Callable[[_Concepts, Row], Iterator[str]]]]] = {
    "fiches": (("code_rome", "libelle_rome"), _Concepts.fiche),
    "appellations": (("code_ogr", "libelle_appellation_long", "code_rome"), _Concepts.appellation),
    "competences": (("code_ogr", "libelle_competence"), _Concepts.competence),
    "savoirs": (("code_ogr_savoir", "libelle_savoir"), _Concepts.savoir),
}
_NAMES: Final = {
    form: re.compile(pattern, re.IGNORECASE)
    for form, pattern in {
        "fiches": r"unix_referentiel_code_rome_v\d+(_utf8)?\.csv",
        "appellations": r"unix_referentiel_appellation_v\d+(_utf8)?\.csv",
        "competences": r"unix_referentiel_competence_v\d+(_utf8)?\.csv",
        "savoirs": r"unix_referentiel_savoir_v\d+(_utf8)?\.csv",
        "terms": r"(ROME__)?(allSkills|allKnowledges)\.json",
        "names": r"(ROME__)?ROME_names\.json",
    }.items()
}
_UNNAMED: Final = frozenset({"rome__knowhowdomains.json", "knowhowdomains.json"})
"""Groups of savoir-faire without a name or a code: nothing to call them by."""
