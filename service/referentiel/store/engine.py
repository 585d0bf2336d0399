"""What the rest of the house asks of a store, whatever engine answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import IO, Protocol

from rdflib import Graph, Literal, URIRef

from referentiel.store.changes import Changes, Name, Statements

Bindings = Mapping[str, URIRef | Literal]
"""Values of variables that a query is asked with: bound in the query's algebra, never written into its text."""


class StoreError(Exception):
    """Root of what a store raises. The message is English; `french` says the same, None where nothing does."""

    french: str | None = None

    def __init__(self, message: str = "", french: str | None = None) -> None:
        super().__init__(message)
        self.french = french


class StoreUnavailable(StoreError):
    """The store can't be opened: another process writes to it, or its folder can't be used."""


class StorageFull(StoreUnavailable):
    """What was to be written does not fit on the disk, or may not be written there; nothing of it was."""


class StoreDamaged(StoreUnavailable):
    """What stands on the disk is not what was written there: only a backup helps."""


class BadQuery(StoreError):
    """The query can't be parsed, or asks for what this service does not do: the sender's fault."""


class ServiceRefused(BadQuery):
    """The query calls a service that the operator does not allow."""


class TooManyRows(StoreError):
    """The answer has more rows, or triples, than allowed."""


class QueryForm(Enum):
    """What a query answers with (SPARQL 1.1 Query Language, section 16)."""

    SELECT = "select"
    ASK = "ask"
    GRAPH = "graph"


class ResultFormat(Enum):
    """How an answer is written: file suffix and media type. The first four are for SELECT and ASK, the others for graphs."""

    JSON = ("srj", "application/sparql-results+json")
    XML = ("srx", "application/sparql-results+xml")
    CSV = ("csv", "text/csv")
    TSV = ("tsv", "text/tab-separated-values")
    TURTLE = ("ttl", "text/turtle")
    N_TRIPLES = ("nt", "application/n-triples")
    RDF_XML = ("rdf", "application/rdf+xml")
    JSON_LD = ("jsonld", "application/ld+json")

    @property
    def suffix(self) -> str:
        """The usual suffix of a file of this format, no dot."""
        return self.value[0]

    @property
    def media_type(self) -> str:
        """The registered media type."""
        return self.value[1]


class Answer(Protocol):
    """What a query answered. It is used up once, or discarded, in the thread that asked."""

    @property
    def form(self) -> QueryForm:
        """What kind of answer it is."""

    def serialize(self, form: ResultFormat) -> bytes:
        """The answer in a format of its form.

        Raises ValueError for a format of another form, BadQuery for a fault that only answering shows.
        """

    def write(self, form: ResultFormat, sink: IO[bytes], limit: int | None = None) -> None:
        """Write the answer as it is found, a few KiB at a time.

        Raises as `serialize` does, TooManyRows beyond `limit` rows or triples, and StoreUnavailable when the sink fails.
        """

    def excerpt(self, rows: int) -> tuple[bytes, bool]:
        """The first rows, or triples, as SPARQL JSON results; and whether there are more."""

    def discard(self) -> None:
        """Let the answer go unused."""

    def rows(self) -> list[tuple[str | None, ...]]:
        """The rows of a SELECT: lexical forms and IRIs, None where unbound."""


class Engine(Protocol):
    """A store of named graphs. The default graph of a query is the union of them all, unless the query names its dataset."""

    @property
    def folder(self) -> Path | None:
        """The folder of the store; None for a store in memory."""

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = (), bindings: Bindings | None = None
    ) -> Answer:
        """Answer a query; graphs given here win over FROM (SPARQL 1.1 Protocol, section 2.1.4). Raises BadQuery."""

    def graph(self, name: URIRef) -> Graph:
        """A copy of one named graph; empty when the store has none of that name."""

    def graph_names(self) -> tuple[URIRef, ...]:
        """The names of all graphs, sorted."""

    def replace(self, graphs: Iterable[tuple[URIRef, Graph]]) -> None:
        """Put each graph in the place of what bore its name, all of them or none. An empty graph is removed."""

    def statements(self, name: Name) -> Statements:
        """One graph, as statements; the unnamed one for None. Empty when the store has none of that name."""

    def among(self, name: Name, statements: Statements) -> Statements:
        """Those of some statements that a graph holds."""

    def apply(self, changes: Changes) -> None:
        """Make changes, all of them or none; they are on the disk when this returns. Raises StorageFull, StoreUnavailable."""

    def checkpoint(self, folder: Path) -> None:
        """Make a copy of the store that nothing will change, in a folder that does not exist yet on the same file system."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Have a function called, in the thread that wrote, after each change of the store."""

    def __len__(self) -> int:
        """How many triples the store holds, graph by graph."""

    def close(self) -> None:
        """Let go of the store."""
