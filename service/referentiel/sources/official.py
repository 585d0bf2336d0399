"""The official table of a référentiel: activities, competencies, assessments, criteria side by side, cut by page breaks.

The layout of the dossier that art. L6113-1 of the Code du travail calls for. What the table states is taken as stated;
what only its layout suggests becomes a link with the rule that inferred it. What is not understood is a fault, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import NoReturn

from referentiel.model import Arrangement, Certification, Column, Excerpt, Mode, Note, Rule
from referentiel.sources.annotations import annotate
from referentiel.sources.draft import BlockDraft, CertificationDraft, Draft
from referentiel.sources.faults import MOST, Fault, UnreadableSource, quote
from referentiel.sources.grid import Cell, Grid, Row
from referentiel.sources.passages import Passage, block_title, passages
from referentiel.template import fold

COLUMN_NAMES = {
    Column.ACTIVITIES: "Référentiel d'activités",
    Column.COMPETENCIES: "Référentiel de compétences",
    Column.MODALITIES: "Modalités d'évaluation",
    Column.CRITERIA: "Critères d'évaluation",
}

_EXAMPLES = {Column.ACTIVITIES: "A1", Column.COMPETENCIES: "C1", Column.MODALITIES: "Évaluation 1 :", Column.CRITERIA: "CE1.1"}
_HEADINGS = {
    Column.ACTIVITIES: re.compile(r"referentiel d(?:'|es )activites"),
    Column.COMPETENCIES: re.compile(r"referentiel des? competences"),
    Column.MODALITIES: re.compile(r"modalites d(?:'|e l')evaluation"),
    Column.CRITERIA: re.compile(r"criteres d(?:'|e l')evaluation"),
}
"""How the cell above each column begins, folded."""

_MODES = {Mode.WRITTEN: r"\bécrite?s?\b", Mode.ORAL: r"\b(?:orale?s?|oraux)\b", Mode.PRACTICAL: r"\bpratiques?\b"}
_ARRANGEMENTS = {Arrangement.INDIVIDUAL: r"\bindividuel", Arrangement.GROUP: r"\b(?:groupe|collecti[fv])"}
_PRODUCTION = re.compile(r"(?P<production>Production\b[^:]*):(?P<work>\s*Travail\b.*)", re.IGNORECASE)


def is_official(grid: Grid) -> bool:
    """Whether some row is the header of an official table."""
    return any(_is_header(row) for row in grid)


def read_official(name: str, grid: Grid, draft: CertificationDraft) -> Certification:
    """The certification that an official table describes; `draft` has what is known of it from elsewhere.

    Raises UnreadableSource with every fault found.
    """
    return _OfficialReading(name, draft).read(grid)


def _headings(row: Row) -> dict[Column, int]:
    """The columns that a row names, by their headings; a heading that spans the next row is not there twice."""
    found: dict[Column, int] = {}
    for index in range(len(row.cells)):
        if index not in row.spanned:
            text = fold(row.text(index))
            for column, heading in _HEADINGS.items():
                if heading.match(text):
                    found.setdefault(column, index)
    return found


def _by_position(row: Row) -> dict[Column, int]:
    """Where modalities and criteria stand when no heading names them: last, in a table of four columns."""
    return {Column.MODALITIES: 2, Column.CRITERIA: 3} if len(row.cells) == 4 else {}


def _is_header(row: Row) -> bool:
    return {Column.ACTIVITIES, Column.COMPETENCIES} <= _headings(row).keys()


def _is_subheader(row: Row) -> bool:
    return {Column.MODALITIES, Column.CRITERIA} <= _headings(row).keys()


def _is_paged(grid: Grid) -> bool:
    """Whether repeated headers are page breaks: after one of them a block goes on. A table for each block proves no page."""
    rows = [row for row in grid if not _is_subheader(row) or _is_header(row)]
    repeated = [row for row in rows if _is_header(row)][1:]
    return any(before in repeated and not _single(row) for before, row in pairwise(rows))


def _single(row: Row) -> str | None:
    """The one text of a row that has no other, spread over its cells or in the first alone."""
    texts = {cell for cell in row.cells if cell}
    return " ".join(row.cells[0]) if len(texts) == 1 and row.cells[0] else None


class _OfficialReading:
    """One reading of one table: the draft, and what is open in each column."""

    def __init__(self, name: str, draft: CertificationDraft) -> None:
        self.name = name
        self.draft = draft
        self.faults: list[Fault] = []
        self.paged = False
        self.page = 0
        self.row = Row(0, ())
        self.columns: dict[Column, int] = {}
        self.fresh = False  # whether the row is the first below a header: there a page break may have cut a text
        self.block: BlockDraft | None = None
        self.activity: Draft | None = None
        self.opened: dict[Column, Draft] = {}
        self.standing: dict[Column, list[Draft]] = {}  # elements in the cell of each column that covers the current row
        self.origins: dict[str, Rule] = {}  # activities beside the current row's competencies
        self.versions: list[tuple[str, Draft]] = []  # block, assessment as it is shown there
        self.beside: dict[str, list[tuple[set[str], set[str]]]] = {}  # block -> competencies and assessments of each row

    def read(self, grid: Grid) -> Certification:
        self.paged = _is_paged(grid)
        for row in grid:
            self.row = row
            if _is_header(row):
                self.page += 1
                self.fresh = True
                self.columns = _by_position(row) | _headings(row)
            elif self.page and _is_subheader(row):
                self.columns |= _headings(row)
            elif self.page and any(row.cells):
                self._read_row()
                self.fresh = False
        if not self.draft.blocks:
            self._stop("au moins une ligne « Bloc 1 : intitulé » sous l'en-tête", "aucun bloc", "ajoutez la ligne du bloc")
        if self.faults:
            raise UnreadableSource(self.name, self.faults)
        self._merge_assessments()
        self._infer_assessments()
        annotate(self.draft)
        return self.draft.freeze()

    def _read_row(self) -> None:
        single = _single(self.row)
        title = block_title(single) if single else None
        if title:
            self._open_block(title)
        elif self.columns.keys() != set(Column):
            lacking = ", ".join(f"« {COLUMN_NAMES[column]} »" for column in Column if column not in self.columns)
            expected = "quatre colonnes nommées dans l'en-tête : activités, compétences, modalités et critères d'évaluation"
            remedy = "nommez chaque colonne ; séparez les modalités et les critères"
            self._stop(expected, f"sans {lacking}", remedy)
        elif self.block is None:
            expected = "une ligne « Bloc 1 : intitulé » sous l'en-tête, avant la première activité"
            self._stop(
                expected,
                quote(" ".join(map(self.row.text, range(len(self.row.cells))))),
                "ajoutez la ligne du bloc dans le tableau",
            )
        elif single and sum(map(bool, self.row.cells)) > 1:
            self._fault(
                None, "un titre de bloc, ou quatre cellules", quote(single), "écrivez « Bloc 1 : intitulé », ou supprimez la ligne"
            )
        else:
            self.standing |= {column: [] for column, index in self.columns.items() if index not in self.row.spanned}
            self._refuse_other_columns()
            self._read_activities(self.block)
            self._read_competencies(self.block)
            self._read_modalities(self.block)
            self._read_criteria(self.block)
            self._note_neighbours(self.block)

    def _cell(self, column: Column) -> Cell:
        """What begins in this row in a column; a cell that spans the row was read where it began."""
        index = self.columns[column]
        return () if index in self.row.spanned or index >= len(self.row.cells) else self.row.cells[index]

    def _refuse_other_columns(self) -> None:
        known = {index: self.row.cells[index] for index in self.columns.values() if index < len(self.row.cells)}
        for index, cell in enumerate(self.row.cells):
            if cell and index not in known and cell not in known.values():
                expected = "rien hors des quatre colonnes du tableau officiel"
                self._fault(None, expected, f"{quote(self.row.text(index))} en colonne {index + 1}", "supprimez cette colonne")

    def _open_block(self, title: Passage) -> None:
        assert title.code
        if title.code in self.draft.blocks:
            self._fault(None, "un numéro de bloc qui n'a pas encore servi", quote(title.raw), "numérotez les blocs sans répétition")
        self.block = self.draft.block(title.code)
        self.block.label = title.text or None
        self.block.source_notation = title.notation
        self.block.excerpts.append(Excerpt(title.raw, self._place))
        self.activity = None
        self.opened = {}
        self.standing = {}

    def _read_activities(self, block: BlockDraft) -> None:
        """Read the cell, and note which activities the competencies that begin in this row derive from, by which rule."""
        shown: set[str] = set()
        for item in passages(self._cell(Column.ACTIVITIES), Column.ACTIVITIES):
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
        elif self.columns[Column.ACTIVITIES] not in self.row.spanned:
            self.origins = {self.activity.code: Rule.CONTINUED_CELL} if self.activity else {}

    def _read_competencies(self, block: BlockDraft) -> None:
        for item in passages(self._cell(Column.COMPETENCIES), Column.COMPETENCIES):
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

    def _read_modalities(self, block: BlockDraft) -> None:
        """Paragraphs after an assessment's title describe it; a page break may have cut one in two."""
        for position, item in enumerate(passages(self._cell(Column.MODALITIES), Column.MODALITIES)):
            if item.code:
                block.assessments[item.code] = None
                version = Draft(item.code)
                self.versions.append((block.code, version))
                self._open(Column.MODALITIES, version, item)
            elif assessment := self._kept(Column.MODALITIES, item):
                _describe(assessment, item.raw, cut=position == 0 and item.raw[0].islower())

    def _read_criteria(self, block: BlockDraft) -> None:
        for item in passages(self._cell(Column.CRITERIA), Column.CRITERIA):
            if item.code is None:
                self._continue(Column.CRITERIA, item)
            elif owner := _owner(block, item.code):
                self._open(Column.CRITERIA, owner.child(item.code), item)
            else:
                code = item.code.replace("CE", "C", 1)
                expected = f"une compétence {code.partition('.')[0]} dans le bloc {block.code}"
                self._fault(Column.CRITERIA, expected, quote(item.raw), "corrigez le code du critère ou celui de la compétence")

    def _open(self, column: Column, element: Draft, item: Passage) -> None:
        """An element begins: its code, its label, its first passage. It may be shown again in another row, with the same text."""
        if item.odd:
            self._fault(
                column, f"un texte après le code {item.notation}", quote(item.raw), f"écrivez « {_EXAMPLES[column]} Texte »"
            )
        if element.source_notation is not None and element.label != (item.text or None):
            expected = f"un nouveau code, ou le même texte qu'au premier {item.notation}"
            remedy = "donnez à chaque élément un code qui ne sert qu'une fois"
            self._fault(column, expected, f"{item.notation} une deuxième fois avec {quote(item.text)}", remedy)
        element.label = item.text or None
        element.source_notation = item.notation
        self.opened[column] = element
        self._keep(column, element, item)

    def _continue(self, column: Column, item: Passage) -> None:
        """A text goes on after a page or paragraph break."""
        if element := self._kept(column, item):
            element.label = _joined(element.label, item.raw)

    def _kept(self, column: Column, item: Passage) -> Draft | None:
        """The element that a passage without a code goes on with, the passage kept; None, and a fault, where nothing proves it."""
        element = self.opened.get(column)
        if element is None or item.odd or not self._goes_on(column, element):
            written = "un code écrit autrement" if item.odd else "un texte sans code"
            expected = f"un texte qui commence par son code ({_EXAMPLES[column]}…)"
            remedy = f"écrivez le code devant le texte, comme « {_EXAMPLES[column]} Texte »"
            if _single(self.row):
                remedy += ", ou « Bloc 1 : intitulé » pour un titre de bloc"
            self._fault(column, expected, f"{written}, {quote(item.raw)}", remedy)
            return None
        self._keep(column, element, item)
        return element

    def _goes_on(self, column: Column, element: Draft) -> bool:
        """What proves that a passage goes on with an element: the same cell, a page break just above.

        Where pages have cut the rows, the description of an assessment may also come below its bare title.
        """
        untold = self.paged and column is Column.MODALITIES and element.description is None
        return untold or self.fresh or any(element is other for other in self.standing[column])

    def _keep(self, column: Column, element: Draft, item: Passage) -> None:
        """Keep a passage as it stands, with its place."""
        if any(element is other for other in self.standing[column]):
            element.excerpts[-1] = replace(element.excerpts[-1], text=f"{element.excerpts[-1].text}\n{item.raw}")
        else:
            element.excerpts.append(Excerpt(item.raw, self._place, column))
            self.standing[column].append(element)

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

    def _stop(self, expected: str, found: str, remedy: str) -> NoReturn:
        """Give up at the current row: what follows can't be understood either."""
        self._fault(None, expected, found, remedy)
        raise UnreadableSource(self.name, self.faults)

    def _fault(self, column: Column | None, expected: str, found: str, remedy: str) -> None:
        name = COLUMN_NAMES[column] if column else None
        self.faults.append(Fault(expected, found, remedy, self.row.number or None, name, self.row.part))
        if len(self.faults) == MOST:
            raise UnreadableSource(self.name, self.faults)


def _owner(block: BlockDraft, criterion: str) -> Draft | None:
    """The competency that a criterion's code names: of CE5.1.2, C5.1.2, C5.1 or C5, the longest that the block has."""
    code = criterion.replace("CE", "C", 1)
    while code and code not in block.competencies:
        code = code.rpartition(".")[0]
    return block.competencies.get(code)


def _joined(label: str | None, text: str) -> str:
    return f"{label} {text}" if label else text


def _describe(assessment: Draft, text: str, *, cut: bool) -> None:
    """Add a paragraph to the description, or the end of one that a page break has cut."""
    if cut and assessment.description is None:
        assessment.label = _joined(assessment.label, text)
    elif assessment.description is None:
        assessment.description = text
    else:
        assessment.description += (" " if cut else "\n") + text


def _production(description: str) -> tuple[set[Mode], set[Arrangement]]:
    """Modes and arrangements that the lines « Production … : Travail … » of a description state."""
    lines = [match for line in description.splitlines() if (match := _PRODUCTION.match(line))]
    modes = {mode for mode, word in _MODES.items() if any(re.search(word, line["production"]) for line in lines)}
    return modes, {value for value, word in _ARRANGEMENTS.items() if any(re.search(word, line["work"]) for line in lines)}
