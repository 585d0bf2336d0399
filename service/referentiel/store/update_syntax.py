"""Taking an update apart: its operations, each with the declarations that hold for it (SPARQL 1.1 Update, section 3).

Braces and semicolons outside texts, IRIs and comments cut; whether what is cut out is an operation, the engine's parser says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import pyoxigraph as ox

from referentiel.store.engine import StoreError
from referentiel.store.inspection import TOKEN

_ERROR: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_FIRST: Final = "INSERT, DELETE, WITH, CLEAR, DROP, CREATE, ADD, MOVE, COPY"
_DECLARING: Final = frozenset({"prefix", "base"})
_STOP: Final = "CREATE GRAPH <urn:x-referentiel:stop> ; CREATE GRAPH <urn:x-referentiel:stop> ;\n"
"""What the engine does before the operation that it is to read only: the second can't be done, so nothing after it is."""


class BadUpdate(StoreError):
    """The update can't be parsed, or asks for what this service does not do. Of a parser's message, `error at LINE:COLUMN:`, the
    place is one of the update."""


class Part(NamedTuple):
    """A token outside braces, or a group: `start` and `end` are its places in the update.

    `graphs`: the GRAPH clauses that stand directly in a group: places of the keyword and past the closing brace.
    """

    word: str
    start: int
    end: int
    graphs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an update. `declared`: places of the declarations that hold for it; `words`: its parts in small letters."""

    update: str
    declared: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Its parts in small letters, a group as its brace."""
        return tuple(part.word.lower() for part in self.parts)

    @property
    def declarations(self) -> str:
        """Each on lines of its own."""
        return "".join(f"{self.update[start:end]}\n" for start, end in self.declared)

    @property
    def text(self) -> str:
        """As it is written, without declarations."""
        return self.update[self.parts[0].start : self.parts[-1].end]


def operations(update: str) -> Iterator[Operation]:
    """The operations of an update, in their order. Raises BadUpdate where there is nothing between two semicolons."""
    declared: list[tuple[int, int]] = []
    parts: list[Part] = []
    declaring = -1
    for part in _parts(update):
        word = part.word.lower()
        if declaring >= 0:
            if word.startswith("<"):
                declared.append((declaring, part.end))
                declaring = -1
        elif not parts and word in _DECLARING:
            declaring = part.start
        elif word != ";":
            parts.append(part)
        elif parts:
            yield Operation(update, tuple(declared), tuple(parts))
            parts = []
        else:
            raise BadUpdate(f"error at {_line_and_column(update, part.start)}: expected one of {_FIRST}")
    if declaring >= 0:  # cut short: the engine says what it misses
        raise BadUpdate(f"error at {_line_and_column(update, len(update))}: expected IRI")
    if parts:
        yield Operation(update, tuple(declared), tuple(parts))


def _parts(update: str) -> Iterator[Part]:
    """The tokens outside braces, and the groups. A group that is never closed takes what is left."""
    depth = opened = 0
    keyword = -1
    graphs: list[tuple[int, int]] = []
    for token in TOKEN.finditer(update):
        text = token[0]
        if text == "{":
            if depth == 0:
                opened, keyword, graphs = token.start(), -1, []
            depth += 1
        elif depth == 0:
            if not (text.isspace() or text.startswith("#")):
                yield Part(text, token.start(), token.end())
        elif text == "}":
            depth -= 1
            if depth == 0:
                yield Part("{", opened, token.end(), tuple(graphs))
            elif depth == 1 and keyword >= 0:
                graphs.append((keyword, token.end()))
                keyword = -1
        elif depth == 1 and token["keyword"] and text.lower() == "graph":
            keyword = token.start()
    if depth:
        yield Part("{", opened, len(update), tuple(graphs))


def check(operation: Operation, base: str) -> None:
    """Have the engine parse an operation, and do nothing of it. `base`: of relative IRIs. Raises BadUpdate."""
    header = operation.declarations + _STOP
    try:
        ox.Store().update(header + operation.text, base_iri=base)
    except SyntaxError as error:
        raise BadUpdate(_placed(operation, len(header), str(error))) from error
    except RuntimeError:
        return  # it stopped where it was to stop
    raise AssertionError("the engine went on past what it can't do")


def _placed(operation: Operation, header: int, message: str) -> str:
    """The engine's message about what it was given, with the place in the update."""
    found = _ERROR.fullmatch(message)
    if found is None:
        return message
    lines = (operation.declarations + _STOP + operation.text).split("\n")
    place = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
    if place >= header:
        place += operation.parts[0].start - header
    else:
        for start, end in operation.declared:
            if place <= end - start:
                place += start
                break
            place -= end - start + 1
        else:
            place = operation.parts[0].start
    return f"error at {_line_and_column(operation.update, place)}: {found[3]}"


def _line_and_column(text: str, place: int) -> str:
    before = text[:place]
    return f"{before.count(chr(10)) + 1}:{place - before.rfind(chr(10))}"
