"""The official table of a référentiel: activities, competencies, assessments, criteria side by side, cut by page breaks.

The layout of the dossier that art. L6113-1 of the Code du travail calls for. What the table states is taken as stated;
what only its layout suggests becomes a link with the rule that inferred it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from referentiel.model import Arrangement, Certification, Column, Excerpt, Mode, Note, Rule
from referentiel.sources.annotations import annotate
from referentiel.sources.draft import BlockDraft, CertificationDraft, Draft
from referentiel.sources.faults import Fault, UnreadableSource, quote
from referentiel.sources.grid import Cell, Grid, Row
from referentiel.template import fold

COLUMN_NAMES = {
    Column.ACTIVITIES: "Référentiel d'activités",
    Column.COMPETENCIES: "Référentiel de compétences",
    Column.MODALITIES: "Modalités d'évaluation",
    Column.CRITERIA: "Critères d'évaluation",
}

_EXAMPLES = {Column.ACTIVITIES: "A1", Column.COMPETENCIES: "C1", Column.MODALITIES: "Évaluation 1 :", Column.CRITERIA: "CE1.1"}
_SUBHEADER_LIMIT = 200  # a cell of text may name both columns; a header says little else
_ADD_BLOCK = "ajoutez la ligne du bloc"

_NUMBER = r"\d+(?:\.\d+)*"
_BULLET = r"(?:[•●▪◦*–—-]\s*)?"
_START = rf"(?:^{_BULLET}|(?<=\s)[•●▪◦]\s*)"
_END = r"(?!\w)\s*[-–—:.]?\s*"
_BLOCK = re.compile(
    rf"(?P<notation>Bloc\s*(?:de compétences\s*)?(?:n°\s*)?(?P<code>{_NUMBER}))\s*[-–—:.]\s*(?P<text>.+)",
    re.IGNORECASE,
)
_ITEMS = {
    Column.ACTIVITIES: re.compile(rf"{_START}(?P<code>[AT]{_NUMBER}){_END}"),
    Column.COMPETENCIES: re.compile(rf"{_START}(?P<code>C{_NUMBER}){_END}"),
    Column.MODALITIES: re.compile(rf"^(?P<notation>[ÉE](?:valuation|preuve)\s+(?:n°\s*)?(?P<code>{_NUMBER})){_END}", re.IGNORECASE),
    Column.CRITERIA: re.compile(
        rf"{_START}(?P<code>CE{_NUMBER}){_END}|{_START}(?P<bare>C{_NUMBER}){_END}"
        rf"|(?<=\s)(?P<inline>CE{_NUMBER}){_END}(?=[^\W\d_a-zà-öø-ÿ]|[«(])"
    ),
}
"""Where an element begins in a paragraph: at its start or after a bullet. Criteria alone follow one another without either;
there a capital letter tells a criterion from the mention of one. `bare` is a criterion whose code lacks its E."""

_MODES = {Mode.WRITTEN: r"\bécrite?\b", Mode.ORAL: r"\borale?\b", Mode.PRACTICAL: r"\bpratique\b"}
_ARRANGEMENTS = {Arrangement.INDIVIDUAL: r"\bindividuel", Arrangement.GROUP: r"\b(?:groupe|collecti[fv])"}
_PRODUCTION = re.compile(r"(?P<production>Production\b[^:]*):(?P<work>\s*Travail\b.*)", re.IGNORECASE)


def is_official(grid: Grid) -> bool:
    """Whether some row is the header of an official table."""
    return any(_is_header(row) for row in grid)


def read_official(name: str, grid: Grid, draft: CertificationDraft) -> Certification:
    """The certification that an official table describes; `draft` has what is known of it from elsewhere.

    Pages are counted by repeated headers. Raises UnreadableSource with every fault found.
    """
    return _Reading(name, draft).read(grid)


def _is_header(row: Row) -> bool:
    text = _plain(row)
    return "referentiel d'activites" in text and "referentiel de competences" in text


def _is_subheader(row: Row) -> bool:
    text = _plain(row)
    return "modalites d'evaluation" in text and "criteres d'evaluation" in text and len(text) < _SUBHEADER_LIMIT


def _plain(row: Row) -> str:
    """What begins in a row; a header that spans the next one is not there twice."""
    return fold(" ".join(row.text(index) for index in range(len(row.cells)) if index not in row.spanned))


class _Item(NamedTuple):
    """A passage of a cell. `code` is None where it goes on with what is open; `text` is what follows the notation."""

    code: str | None
    notation: str
    text: str
    raw: str


def _items(cell: Cell, column: Column) -> Iterator[_Item]:
    """The passages of a cell, cut where a code begins an element."""
    for paragraph in cell:
        starts = list(_ITEMS[column].finditer(paragraph))
        rest = paragraph[: starts[0].start()].strip() if starts else paragraph
        if rest:
            yield _Item(None, "", rest, rest)
        for start, following in zip_longest(starts, starts[1:]):
            end = following.start() if following else len(paragraph)
            groups = start.groupdict()
            code = groups["code"] or groups.get("inline") or groups["bare"].replace("C", "CE", 1)
            notation = groups.get("notation") or groups.get("bare") or code
            yield _Item(code, notation, paragraph[start.end() : end].strip(), paragraph[start.start() : end].strip())


class _Reading:
    """One reading of one table: the draft, and what is open in each column."""

    def __init__(self, name: str, draft: CertificationDraft) -> None:
        self.name = name
        self.draft = draft
        self.faults: list[Fault] = []
        self.paged = False
        self.page = 0
        self.row = Row(0, ())
        self.block: BlockDraft | None = None
        self.activity: Draft | None = None
        self.opened: dict[Column, Draft] = {}
        self.standing: dict[Column, list[Draft]] = {}  # elements in the cell of each column that covers the current row
        self.origins: dict[str, Rule] = {}  # activities beside the current row's competencies
        self.versions: list[tuple[str, Draft]] = []  # block, assessment as it is shown there
        self.beside: dict[str, list[tuple[set[str], set[str]]]] = {}  # block -> competencies and assessments of each row

    def read(self, grid: Grid) -> Certification:
        self.paged = sum(map(_is_header, grid)) > 1
        for row in grid:
            if _is_header(row):
                self.page += 1
            elif self.page and not _is_subheader(row) and any(row.cells):
                self.row = row
                self._read_row()
        if not self.draft.blocks and not self.faults:
            self.row = Row(0, ())
            self._fault(None, "au moins une ligne « Bloc 1 : intitulé » sous l'en-tête", "aucun bloc", _ADD_BLOCK)
        if self.faults:
            raise UnreadableSource(self.name, self.faults)
        self._merge_assessments()
        self._infer_assessments()
        annotate(self.draft)
        return self.draft.freeze()

    def _read_row(self) -> None:
        filled = {cell for cell in self.row.cells if cell}
        title = _BLOCK.fullmatch(" ".join(next(iter(filled)))) if len(filled) == 1 else None
        if title:
            self._open_block(title)
        elif self.block is None:
            self._fault(None, "une ligne « Bloc 1 : intitulé » avant la première activité", self._shown_row(), _ADD_BLOCK)
        elif len(self.row.cells) < 4:
            expected = "quatre colonnes : activités, compétences, modalités et critères d'évaluation"
            self._fault(
                None, expected, f"{len(self.row.cells)} colonne(s)", "séparez les modalités et les critères en deux colonnes"
            )
        else:
            self.standing |= {column: [] for index, column in enumerate(Column) if index not in self.row.spanned}
            cells = [cell if index not in self.row.spanned else () for index, cell in enumerate(self.row.cells[:4])]
            self._read_activities(self.block, cells[0])
            self._read_competencies(self.block, cells[1])
            self._read_modalities(self.block, cells[2])
            self._read_criteria(self.block, cells[3])
            self._note_neighbours(self.block)

    def _open_block(self, title: re.Match[str]) -> None:
        if title["code"] in self.draft.blocks:
            self._fault(None, "un numéro de bloc qui n'a pas encore servi", quote(title[0]), "numérotez les blocs sans répétition")
        self.block = self.draft.block(title["code"])
        self.block.label = title["text"]
        self.block.source_notation = title["notation"]
        self.block.excerpts.append(Excerpt(title[0], self._place))
        self.activity = None
        self.opened = {}
        self.standing = {}

    def _read_activities(self, block: BlockDraft, cell: Cell) -> None:
        """Read the cell, and note which activities the competencies that begin in this row derive from, by which rule."""
        shown: set[str] = set()
        for item in _items(cell, Column.ACTIVITIES):
            if item.code and item.code.startswith("A"):
                self.activity = block.activity(item.code)
                self._open(Column.ACTIVITIES, self.activity, item)
            elif item.code and self.activity:
                self._open(Column.ACTIVITIES, self.activity.child(item.code), item)
            elif item.code:
                expected = "une activité (A1, A2…) avant la première tâche"
                self._fault(Column.ACTIVITIES, expected, quote(item.raw), f"placez {item.code} sous son activité")
            else:
                self._continue(Column.ACTIVITIES, item)
            if self.activity:
                shown.add(self.activity.code)
        if shown:
            self.origins = dict.fromkeys(sorted(shown), Rule.SAME_ROW if len(shown) == 1 else Rule.SHARED_ROW)
        elif 0 not in self.row.spanned:
            self.origins = {self.activity.code: Rule.CONTINUED_CELL} if self.activity else {}

    def _read_competencies(self, block: BlockDraft, cell: Cell) -> None:
        for item in _items(cell, Column.COMPETENCIES):
            if item.code is None:
                self._continue(Column.COMPETENCIES, item)
                continue
            if any(item.code in other.competencies for other in self.draft.blocks.values() if other is not block):
                expected = "un code de compétence unique dans tout le référentiel"
                remedy = "numérotez les compétences à la suite d'un bloc à l'autre (C1 à C8, puis C9…)"
                self._fault(Column.COMPETENCIES, expected, f"{item.code} dans un deuxième bloc", remedy)
                continue
            competency = block.competency(item.code)
            competency.activities.update(self.origins)
            self._open(Column.COMPETENCIES, competency, item)

    def _read_modalities(self, block: BlockDraft, cell: Cell) -> None:
        """Paragraphs after an assessment's title describe it; a page break may have cut one in two."""
        for position, item in enumerate(_items(cell, Column.MODALITIES)):
            if item.code:
                block.assessments[item.code] = None
                version = Draft(item.code)
                self.versions.append((block.code, version))
                self._open(Column.MODALITIES, version, item)
            elif assessment := self._keep(Column.MODALITIES, item.raw):
                _describe(assessment, item.raw, cut=position == 0 and item.raw[0].islower())

    def _read_criteria(self, block: BlockDraft, cell: Cell) -> None:
        for item in _items(cell, Column.CRITERIA):
            if item.code is None:
                self._continue(Column.CRITERIA, item)
                continue
            owner = item.code.partition(".")[0].replace("CE", "C")
            if owner in block.competencies:
                self._open(Column.CRITERIA, block.competency(owner).child(item.code), item)
            else:
                expected = f"une compétence {owner} dans le bloc {block.code}"
                self._fault(Column.CRITERIA, expected, quote(item.raw), "corrigez le code du critère ou ajoutez la compétence")

    def _open(self, column: Column, element: Draft, item: _Item) -> None:
        """An element begins: its code, its label, its first passage. It may be shown again in another row, with the same text."""
        if element.source_notation is not None and element.label != (item.text or None):
            expected = f"un nouveau code, ou le même texte qu'au premier {item.notation}"
            remedy = "donnez à chaque élément un code qui ne sert qu'une fois"
            self._fault(column, expected, f"{item.notation} une deuxième fois avec {quote(item.text)}", remedy)
        element.label = item.text or None
        element.source_notation = item.notation
        self.opened[column] = element
        self._keep(column, item.raw)

    def _continue(self, column: Column, item: _Item) -> None:
        """A text goes on after a page or paragraph break."""
        if element := self._keep(column, item.raw):
            element.label = _joined(element.label, item.raw)

    def _keep(self, column: Column, raw: str) -> Draft | None:
        """Keep a passage, as it stands, with the element open in its column; None, and a fault, when none is."""
        element = self.opened.get(column)
        if element is None:
            expected = f"un texte qui commence par son code ({_EXAMPLES[column]}…)"
            self._fault(column, expected, quote(raw), "écrivez le code devant le texte")
            return None
        if any(element is other for other in self.standing[column]):
            element.excerpts[-1] = replace(element.excerpts[-1], text=f"{element.excerpts[-1].text}\n{raw}")
        else:
            element.excerpts.append(Excerpt(raw, self._place, column))
            self.standing[column].append(element)
        return element

    def _merge_assessments(self) -> None:
        """One assessment for all that show it; where a later text differs, the first is kept and a note says so."""
        for block, version in self.versions:
            kept = self.draft.assessment(version.code)
            if kept.source_notation is None:
                kept.label, kept.description = version.label, version.description
                kept.source_notation = version.source_notation
                kept.modes, kept.arrangements = _production(version.description or "")
            elif version.label not in (None, kept.label) or version.description not in (None, kept.description):
                note = Note(
                    f"Le bloc {block} donne de cette évaluation un texte différent ; voir ses extraits.",
                    f"Block {block} gives a different text of this assessment; see its excerpts.",
                )
                kept.notes.extend([note] if note not in kept.notes else [])
            kept.excerpts.extend(version.excerpts)

    def _note_neighbours(self, block: BlockDraft) -> None:
        """Keep which competencies and which assessments stand in this row, begun here or spanning it."""
        competencies, assessments = ({each.code for each in self.standing[c]} for c in (Column.COMPETENCIES, Column.MODALITIES))
        self.beside.setdefault(block.code, []).append((competencies, assessments))

    def _infer_assessments(self) -> None:
        """Which assessment goes with a competency is read off the rows where each row has one competency; else off the block."""
        for block in self.draft.blocks.values():
            rows = [(competencies, assessments) for competencies, assessments in self.beside.get(block.code, []) if competencies]
            neighbours = {code: set[str]() for code in block.competencies}
            for competencies, assessments in rows:
                for code in competencies:
                    neighbours[code] |= assessments
            by_row = all(len(competencies) == 1 for competencies, _ in rows) and all(neighbours.values())
            for code, competency in block.competencies.items():
                found, rule = (neighbours[code], Rule.SAME_ROW) if by_row else (block.assessments, Rule.BLOCK_ASSESSMENT)
                competency.assessments = dict.fromkeys(found, rule)

    @property
    def _place(self) -> int | None:
        """The page, where headers that repeat let pages be counted."""
        return self.page if self.paged else None

    def _shown_row(self) -> str:
        return quote(" ".join(map(self.row.text, range(len(self.row.cells)))))

    def _fault(self, column: Column | None, expected: str, found: str, remedy: str) -> None:
        name = COLUMN_NAMES[column] if column else None
        self.faults.append(Fault(expected, found, remedy, self.row.number or None, name))


def _joined(label: str | None, text: str) -> str:
    return f"{label} {text}" if label else text


def _describe(assessment: Draft, text: str, *, cut: bool) -> None:
    """Add a paragraph to the description, or the end of one that a page break has cut."""
    if cut and assessment.description is None:
        assessment.label = _joined(assessment.label, text)
    elif assessment.description is None:
        assessment.description = text
    else:
        assessment.description += f"{' ' if cut else chr(10)}{text}"


def _production(description: str) -> tuple[set[Mode], set[Arrangement]]:
    """Modes and arrangements that the lines « Production … : Travail … » of a description state."""
    lines = [match for line in description.splitlines() if (match := _PRODUCTION.match(line))]
    modes = {mode for mode, word in _MODES.items() if any(re.search(word, line["production"]) for line in lines)}
    return modes, {value for value, word in _ARRANGEMENTS.items() if any(re.search(word, line["work"]) for line in lines)}
