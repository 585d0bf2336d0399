"""The twenty questions: templates in `questions/`, named `<number>-<class>-<name>.rq`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import quote

from benchmarks.endpoint.register import Constants

FOLDER = Path(__file__).with_name("questions")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a researcher.

    `${number}`, `${competency}`... of its text are constants of the register. `${n}` is in the name of a variable: another `n`
    makes another text that any engine answers with the same work, so that no cache of answers helps.
    """

    name: str
    kind: str
    template: str

    @property
    def graph(self) -> bool:
        """Whether the answer is a graph, not a table."""
        return bool(re.search(r"^(CONSTRUCT|DESCRIBE)\b", self.template, re.MULTILINE))

    @property
    def accept(self) -> str:
        """The media type that is asked for."""
        return "application/n-triples" if self.graph else "application/sparql-results+json"

    def text(self, constants: Constants, position: int, n: int | str) -> str:
        """The query with the constants at `position`, which may go past the last of them."""
        chosen = {name: values[position % len(values)] for name, values in constants.items()}
        return Template(self.template).substitute(chosen, n=n)


def questions() -> list[Question]:
    """All of them, in order."""
    found = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.rq"))]
    return [Question(stem, stem.split("-")[1], text) for stem, text in found]


def target(path: str, query: str) -> str:
    """The request target that asks a query by GET."""
    return f"{path}?query={quote(query, safe='')}"
