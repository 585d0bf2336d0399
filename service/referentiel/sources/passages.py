"""The passages of an official table's cells: where an element begins, and what its code is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from referentiel.model import Column
from referentiel.sources.grid import Cell

_NUMBER = r"\d{1,9}(?:\.\d{1,9})*"  # Python refuses to read numbers of thousands of digits
_BULLET = r"(?:[•●▪◦*–—-]\s*)?"
_START = rf"(?:^{_BULLET}|(?<=\s)[•●▪◦]\s*)"
_END = r"(?!\w|[-‑.]\d)\s*[-‑–—:.)/]?\s*"
_ITEMS = {
    Column.ACTIVITIES: re.compile(rf"{_START}(?P<code>[AT]{_NUMBER}){_END}"),
    Column.COMPETENCIES: re.compile(rf"{_START}(?P<code>C{_NUMBER}){_END}"),
    Column.MODALITIES: re.compile(
        rf"^(?P<notation>[ÉE](?:valuation|preuve)\s+(?:n\s*[°º]\s*)?(?P<code>{_NUMBER})){_END}", re.IGNORECASE
    ),
    Column.CRITERIA: re.compile(
        rf"{_START}(?P<code>CE{_NUMBER}){_END}|{_START}(?P<bare>C\d+\.{_NUMBER}){_END}"
        rf"|(?<=\s)(?P<inline>CE{_NUMBER}){_END}(?=[^\W\d_a-zà-öø-ÿ]|[«(])"
    ),
}
"""Where an element begins in a paragraph: at its start or after a bullet. Criteria alone follow one another without either;
there a capital letter tells a criterion from the mention of one. `bare` is a criterion whose code lacks its E."""

_CODE_LIKE = re.compile(
    r"\W*(?:comp[ée]tence|crit[èe]re|activit[ée]|t[âa]che|[ée]valuation|[ée]preuve|bloc|(?:rncp\d+)?bc|a\d+c|ce|cr|[acet])"
    r"\s*(?:n\s*[°º])?[\s.(‑-]*\d",
    re.IGNORECASE,
)
"""What looks like a code, or a title with one: a passage that begins so and is not understood must not pass for plain text."""

_BLOCK = re.compile(
    r"(?P<notation>bloc\s*(?:de\s+comp[ée]tences\s*)?(?:n\s*[°ºo]\.?\s*)?(?P<code>" + _NUMBER + r"|(?-i:[A-Z]|[IVX]{1,9}))(?!\w)"
    r"|(?-i:(?P<register>(?:RNCP\d{1,9})?BC\d{1,9}))(?!\d))\s*(?:[-‑–—:.]\s*)?(?P<text>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a cell. `code` is None where it goes on with what is open; `text` is what follows the notation.

    `odd`: it begins like an element, in a way that is not understood.
    """

    code: str | None
    notation: str
    text: str
    raw: str
    odd: bool = False


def passages(cell: Cell, column: Column) -> Iterator[Passage]:
    """The passages of a cell, cut where a code begins an element."""
    for paragraph in cell:
        starts = list(_ITEMS[column].finditer(paragraph))
        rest = paragraph[: starts[0].start()].strip() if starts else paragraph
        if rest:
            yield Passage(None, "", rest, rest, odd=_CODE_LIKE.match(rest) is not None)
        for start, following in zip_longest(starts, starts[1:]):
            end = following.start() if following else len(paragraph)
            groups = start.groupdict()
            code = groups["code"] or groups.get("inline") or groups["bare"].replace("C", "CE", 1)
            notation = groups.get("notation") or groups.get("bare") or code
            text = paragraph[start.end() : end].strip()
            odd = bool(text) and not (text[0].isalnum() or text[0] in "«“\"'(’[")
            yield Passage(code, notation, text, paragraph[start.start() : end].strip(), odd=odd)


def block_title(text: str) -> Passage | None:
    """The title of a block, however bodies write it (« Bloc 1 : … », « BLOC DE COMPÉTENCES N° 1 … », « RNCP12345BC01 - … »)."""
    found = _BLOCK.fullmatch(text)
    if found is None:
        return None
    return Passage(found["code"] or found["register"], found["notation"].strip(), found["text"], text)
