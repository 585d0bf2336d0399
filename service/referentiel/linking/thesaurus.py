"""The French thesaurus of the language of competencies: a file that people review, of words that may stand for each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from referentiel.linking.analysis import stem, words
from referentiel.linking.faults import MOST, Fault, shown
from referentiel.linking.verbs import is_infinitive

COLUMNS: Final = ("expression", "équivalent", "genre", "note")
WEIGHTS: Final = {"sigle": 0.9, "dérivé": 0.7, "synonyme": 0.5, "voisin": 0.3}
"""What each genre of pair is worth beside the word itself: an acronym and what it stands for, a verb and its noun, words of one
meaning, words that often go together. Every pair holds in both directions."""

MAX_WORDS: Final = 5
"""Words that count (no `de`, no `le`) of the longest expression."""
MAX_BYTES: Final = 1 << 22

_WHERE: Final = "data/thesaurus/README.md montre la forme des lignes"

Stems = tuple[str, ...]


class UnreadableThesaurus(Exception):
    """The file is no thesaurus. `faults`: why, never empty, at most MOST of them."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        super().__init__("\n".join(f"{path} : {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What may stand for an expression. `bare`: its words as nouns without their endings, None for a verb."""

    bare: tuple[str | None, ...]
    equivalent: str
    weight: float

    def is_said_by(self, folded: Sequence[str]) -> bool:
        """Whether words of the same stems are the expression: any form of its verbs, its nouns in singular or plural."""
        return all(bare is None or bare == _bare(word) for bare, word in zip(self.bare, folded, strict=True))


class Thesaurus:
    """Knows what may stand for an expression.

    Stems alone would take `équipement` for `équipe`, `régler` for `règle`: nouns are compared as they are written, but for endings.
    """

    def __init__(self, pairs: Sequence[tuple[str, str, str]]) -> None:
        """`pairs`: expression, equivalent and genre, one of WEIGHTS."""
        self._entries: dict[Stems, list[_Entry]] = {}
        for expression, equivalent, genre in pairs:
            for one, other in ((expression, equivalent), (equivalent, expression)):
                bare = tuple(None if is_infinitive(one[word.start : word.end]) else _bare(word.folded) for word in words(one))
                self._entries.setdefault(_stems(one), []).append(_Entry(bare, other, WEIGHTS[genre]))
        self._longest = max(map(len, self._entries), default=0)

    @classmethod
    def load(cls, path: Path) -> Thesaurus:
        """The thesaurus of a file: UTF-8, a line for each pair, tabs between COLUMNS; `#` begins a comment.

        Raises UnreadableThesaurus with every fault found, OSError when there is no such file.
        """
        if path.stat().st_size > MAX_BYTES:
            fault = Fault(f"un fichier de {MAX_BYTES >> 20} Mio au plus", f"{path.stat().st_size} octets", "retirez-en des lignes")
            raise UnreadableThesaurus(path, [fault])
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            fault = Fault("un texte en UTF-8", f"l'octet {error.start + 1} n'en est pas", "enregistrez le fichier en UTF-8")
            raise UnreadableThesaurus(path, [fault]) from error
        reading = _Reading(text)
        if reading.faults:
            raise UnreadableThesaurus(path, reading.faults[:MOST])
        return cls(reading.pairs)

    def __len__(self) -> int:
        """The number of expressions that it knows."""
        return len(self._entries)

    def expand(self, folded: Sequence[str]) -> list[tuple[str, float]]:
        """What may stand for the words of a text, each with its weight, 0 to 1. `folded`: as `Word.folded`, in their order.

        The equivalents of an equivalent are not looked up: meaning fades with each step, and no circle can close.
        """
        stems = tuple(map(stem, folded))
        found: dict[str, float] = {}
        for start in range(len(stems)):
            for end in range(start + 1, min(start + self._longest, len(stems)) + 1):
                for entry in self._entries.get(stems[start:end], ()):
                    if entry.is_said_by(folded[start:end]):
                        found[entry.equivalent] = max(found.get(entry.equivalent, 0.0), entry.weight)
        return list(found.items())


class _Reading:
    """The reading of one file: its pairs and its faults."""

    def __init__(self, text: str) -> None:
        self.pairs: list[tuple[str, str, str]] = []
        self.faults: list[Fault] = []
        self._lines: dict[frozenset[Stems], int] = {}
        rows = (
            (number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip() and not line.startswith("#")
        )
        number, header = next(rows, (1, ""))
        if tuple(header.split("\t")) != COLUMNS:
            self._fault(
                number, None, "l'en-tête " + shown(", ".join(COLUMNS)), shown(header), "rétablissez l'en-tête, avec des tabulations"
            )
            return
        for number, line in rows:
            self._row(number, line.split("\t"))

    def _row(self, number: int, cells: list[str]) -> None:
        if not 3 <= len(cells) <= len(COLUMNS):
            self._fault(number, None, "3 ou 4 colonnes séparées par des tabulations", f"{len(cells)} colonne(s)", _WHERE)
            return
        expression, equivalent, genre = (cell.strip() for cell in cells[:3])
        faults = [*self._cell(number, COLUMNS[0], expression), *self._cell(number, COLUMNS[1], equivalent)]
        if genre not in WEIGHTS:
            faults.append(Fault("un genre parmi " + ", ".join(WEIGHTS), shown(genre), "choisissez l'un d'eux", number, COLUMNS[2]))
        if not faults:
            faults.extend(self._pair(number, expression, equivalent))
        self.faults.extend(faults)
        if not faults:
            self.pairs.append((expression, equivalent, genre))

    def _cell(self, number: int, column: str, text: str) -> Iterator[Fault]:
        if not 1 <= len(words(text)) <= MAX_WORDS:
            yield Fault(
                f"1 à {MAX_WORDS} mots, sans compter « de », « le »…", shown(text), "écrivez une expression courte", number, column
            )

    def _pair(self, number: int, expression: str, equivalent: str) -> Iterator[Fault]:
        pair = frozenset({_stems(expression), _stems(equivalent)})
        if len(pair) == 1:
            found = f"{shown(expression)} et {shown(equivalent)}, de mêmes radicaux"
            yield Fault("deux expressions différentes", found, "retirez la ligne, elle n'apporte rien", number)
        elif (first := self._lines.setdefault(pair, number)) != number:
            yield Fault("une paire par ligne, une seule fois", f"la paire de la ligne {first}", "retirez l'une des deux", number)

    def _fault(self, row: int, column: str | None, expected: str, found: str, remedy: str) -> None:
        self.faults.append(Fault(expected, found, remedy, row, column))


def _stems(expression: str) -> Stems:
    return tuple(word.stem for word in words(expression))


def _bare(folded: str) -> str:
    """A noun or adjective without the endings of gender and number."""
    for feminine, masculine in (("rices", "eur"), ("rice", "eur"), ("euses", "eur"), ("euse", "eur")):
        if folded.endswith(feminine):
            return folded.removesuffix(feminine) + masculine
    return folded.rstrip("esx") or folded
