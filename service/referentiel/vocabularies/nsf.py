"""NSF, the French nomenclature of training specialities (decree 94-522): a CSV of codes and names.

A code has one to three digits, each a level; a letter after them says the function within the speciality (326t).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from referentiel.vocabularies import tables
from referentiel.vocabularies.edition import Edition
from referentiel.vocabularies.lines import link, plain, text
from referentiel.vocabularies.members import Member
from referentiel.vocabulary import LICENCE_OUVERTE, RDF, SKOS

TITLE: Final = {
    "fr": "NSF, nomenclature des spécialités de formation",
    "en": "NSF, the French nomenclature of training specialities",
}
ATTRIBUTION: Final = {
    "fr": "Source : décret n° 94-522 du 21 juin 1994 relatif à l'approbation de la nomenclature des spécialités de formation.",
    "en": "Source: decree no. 94-522 of 21 June 1994 on the nomenclature of training specialities.",
}
VERSION: Final = "1994"
ISSUED: Final = "1994-06-21"

_CODE: Final = re.compile(r"[1-9][0-9]{0,2}|[1-9][0-9]{2}[a-z]")
_COLUMNS: Final = ("code", "libelle")


@dataclass(frozen=True)
class Nsf:
    """The files of the NSF: a Vocabulary."""

    files: Sequence[Member]
    edition: Edition
    scheme: str

    @cached_property
    def size(self) -> int:
        """Rows that will be read. Raises UnreadableVocabulary."""
        return sum(map(tables.count, self.files))

    def statements(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """See Vocabulary. A code is narrower than the one that it continues; where nothing describes that one, the link goes."""
        number = 0
        for member in self.files:
            for row in tables.rows(member, _COLUMNS):
                number += 1
                code = row.code("code", _CODE, "326, ou 326t")
                concept = f"{self.scheme}/{code}"
                found = [
                    link(concept, str(RDF.type), str(SKOS.Concept)),
                    link(concept, str(SKOS.inScheme), self.scheme),
                    plain(concept, str(SKOS.notation), code),
                    text(concept, str(SKOS.prefLabel), row.label("libelle"), "fr"),
                ]
                if len(code) > 1:
                    found.append(link(concept, str(SKOS.broader), f"{self.scheme}/{code[:-1]}"))
                yield number, tuple(found)


def edition(version: str, issued: str) -> Edition:
    """What is said of a version of the NSF."""
    return Edition(
        scheme="nsf",
        version=version,
        title=TITLE,
        publisher="République française",
        licence=LICENCE_OUVERTE,
        attribution=ATTRIBUTION,
        issued=issued,
    )


def belongs(name: str, head: str) -> bool:
    """Whether a file is a table of NSF codes, by its name and its first line."""
    first = head.partition("\n")[0].strip().strip('"').replace('"', "")
    return "nsf" in name.lower() and name.lower().endswith(".csv") and set(_COLUMNS) <= set(re.split("[,;\t]", first))
