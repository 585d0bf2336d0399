"""What was published: which vocabulary, which version of it, by whom, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from rdflib import URIRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of one vocabulary. `scheme`: its code, `esco`, `rome` or `nsf`; `issued`: a date, as xsd:date or
    xsd:gYear writes it. `title`, `attribution`: by language, `fr` and `en`.
    """

    scheme: str
    version: str
    title: Mapping[str, str]
    publisher: str
    licence: URIRef
    attribution: Mapping[str, str]
    issued: str = ""


class Vocabulary(Protocol):
    """A vocabulary to take in. Its concepts are read one after the other: the whole is never held as records."""

    @property
    def edition(self) -> Edition:
        """What is said of it."""
        ...

    @property
    def scheme(self) -> str:
        """The concept scheme, and the name of its graph."""
        ...

    @property
    def size(self) -> int:
        """Rows that will be read, for a progress bar. Raises UnreadableVocabulary."""
        ...

    def statements(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """For each row its number from 1 and its lines of N-Triples, as the engine writes them; 0 for what no row says.

        Raises UnreadableVocabulary.
        """
        ...


def graph_name(base: str, scheme: str) -> URIRef:
    """The named graph of a vocabulary, which is also its concept scheme of ours."""
    return URIRef(f"{base}vocabulary/{scheme}")
