"""The template, filled in: one row per criterion, or one per element, in any order.

A row states the elements that its cells name, and the links between them. A text is needed once and may be repeated as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TypeVar

from referentiel import template
from referentiel.model import CODE, Certification, Excerpt, Note, Rule
from referentiel.sources.draft import BlockDraft, CertificationDraft, Draft
from referentiel.sources.faults import MOST, Fault, UnreadableSource, quote
from referentiel.sources.grid import CODE_LENGTH, Grid, Row
from referentiel.template import COLUMNS, ELEMENTS, Field, fold

_HEADERS = {fold(field.value): field for field in Field}
_DETAILS = (Field.SOURCE_NOTATION, Field.SOURCE_PAGE, Field.SOURCE_COLUMN, Field.SOURCE_TEXT, Field.NOTE_FR, Field.NOTE_EN)
_HEADER_NAMES = 3  # column names that make a row a header
_BEFORE = 20  # signs shown before the first that differs
_PAGE_DIGITS = 9  # of a page's number; Python refuses to read thousands of them
_TITLED = {Field.BLOCK, Field.ASSESSMENT}
_KIND = re.compile(r"^\s*(?:bloc(?: de comp[ée]tences)?|[ée]valuation|[ée]preuve)\s+(?:n\s*[°º]\s*)?(?=\S)", re.IGNORECASE)
_EXAMPLES = {Field.BLOCK: "1", Field.ACTIVITY: "A1", Field.TASK: "T1", Field.ASSESSMENT: "1", Field.CRITERION: "CE1.1"}
V = TypeVar("V")


def header_row(grid: Grid) -> int | None:
    """The index of the row that names the template's columns, None when there is none."""
    return next((index for index, row in enumerate(grid) if _is_header(row)), None)


def _is_header(row: Row) -> bool:
    return sum(fold(row.text(column)) in _HEADERS for column in range(len(row.cells))) >= _HEADER_NAMES


def read_template(name: str, grid: Grid, draft: CertificationDraft, *, fixed: bool) -> Certification:
    """The certification that a filled-in template describes; `draft` has what is known of it from elsewhere.

    `fixed`: the draft's identifier was chosen, the table's must be the same. Raises UnreadableSource with every fault found.
    """
    start = header_row(grid)
    assert start is not None, "only called for a grid with a header"
    reading = _TemplateReading(name, draft, draft.code if fixed else None)
    rows = [row for row in grid[start:] if any(row.cells)]
    if all(map(_is_header, rows)):
        expected, remedy = "au moins une ligne remplie sous l'en-tête", "remplissez une ligne par critère"
        raise UnreadableSource(name, [Fault(expected, "aucune", remedy)])
    for row in rows:
        if _is_header(row):
            reading.read_header(row)
            reading.refuse_if_faulty()
        else:
            reading.read_row(row)
    reading.refuse_if_faulty()
    return draft.freeze()


class _TemplateReading:
    """One reading of one filled-in template."""

    def __init__(self, name: str, draft: CertificationDraft, identified: str | None) -> None:
        self.name = name
        self.identified = identified
        self.draft = draft
        self.columns: dict[Field, int] = {}
        self.unnamed: set[int] = set()  # columns without a name: what they hold would be lost
        self.width = 0
        self.faults: list[Fault] = []
        self.row = Row(0, ())

    def read_header(self, row: Row) -> None:
        """Take the columns that a header names; each sheet has its own."""
        self.row = row
        self.width = len(row.cells)
        self.unnamed = set()
        columns = self.columns = {}
        for index in range(len(row.cells)):
            text = row.text(index)
            field = _HEADERS.get(fold(text))
            if field is None and text:
                close = difflib.get_close_matches(fold(text), _HEADERS, n=1)
                remedy = f"écrivez « {_HEADERS[close[0]].value} »" if close else "supprimez la colonne ou reprenez le modèle"
                self._fault(None, "un nom de colonne du modèle", quote(text), remedy)
            elif field in columns:
                self._fault(field, "une seule colonne de ce nom", "deux colonnes", "supprimez l'une des deux")
            elif field:
                columns[field] = index
            else:
                self.unnamed.add(index)
        for field, help_ in COLUMNS.items():
            if help_.required and field not in columns:
                self._fault(field, "cette colonne dans l'en-tête", "rien", "ajoutez-la, ou repartez du modèle vide")

    def read_row(self, row: Row) -> None:
        self.row = row
        named: dict[Field, Draft] = {}
        for index in range(len(row.cells)):
            if row.text(index) and (index in self.unnamed or index >= self.width):
                self._fault(
                    None,
                    f"rien en colonne {index + 1}, qui n'a pas de nom",
                    quote(row.text(index)),
                    "nommez la colonne ou videz-la",
                )
        self._certification(named)
        if block := self._block(named):
            self._activities(block, named)
            self._competency(block, named)
            self._assessments(block, named)
        else:
            self._assessments(None, named)
        self._details(named)

    def refuse_if_faulty(self) -> None:
        if self.faults:
            raise UnreadableSource(self.name, self.faults)

    def _certification(self, named: dict[Field, Draft]) -> None:
        code = self._code(Field.CERTIFICATION)
        if code and self.identified not in (None, code):
            self._fault(
                Field.CERTIFICATION, f"« {self.identified} », le même partout", quote(code), "un fichier décrit une certification"
            )
        elif code:
            self.identified = self.draft.code = code
            named[Field.CERTIFICATION] = self.draft
        self.draft.label = self._text_once(Field.TITLE, self.draft.label)
        self.draft.number = self._text_once(Field.NUMBER, self.draft.number)

    def _block(self, named: dict[Field, Draft]) -> BlockDraft | None:
        code = self._code(Field.BLOCK)
        if code is None:
            for field in (Field.ACTIVITY, Field.TASK, Field.COMPETENCY, Field.CRITERION):
                if self._cell(field):
                    self._fault(Field.BLOCK, "le code du bloc", "rien", f"indiquez le bloc de « {self._cell(field)} »")
                    return None
            self._lonely(Field.BLOCK_TITLE, Field.BLOCK)
            return None
        block = self.draft.block(code)
        block.label = self._text_once(Field.BLOCK_TITLE, block.label)
        named[Field.BLOCK] = block
        return block

    def _activities(self, block: BlockDraft, named: dict[Field, Draft]) -> None:
        codes = self._codes(Field.ACTIVITY)
        for code in codes:
            named[Field.ACTIVITY] = block.activity(code)
        if len(codes) == 1:
            activity = named[Field.ACTIVITY]
            activity.label = self._text_once(Field.ACTIVITY_TITLE, activity.label)
            if task_code := self._code(Field.TASK):
                task = named[Field.TASK] = activity.child(task_code)
                task.label = self._text_once(Field.TASK_TITLE, task.label)
            else:
                self._lonely(Field.TASK_TITLE, Field.TASK)
            return
        self._lonely(Field.ACTIVITY_TITLE, Field.ACTIVITY)
        if self._cell(Field.TASK):
            self._fault(
                Field.ACTIVITY, "une seule activité sur la ligne d'une tâche", quote(self._cell(Field.ACTIVITY)), "indiquez-la"
            )

    def _competency(self, block: BlockDraft, named: dict[Field, Draft]) -> None:
        code = self._code(Field.COMPETENCY)
        if code is None:
            self._lonely(Field.COMPETENCY_TEXT, Field.COMPETENCY)
            self._lonely(Field.CRITERION, Field.COMPETENCY)
            return
        owner = next((other.code for other in self.draft.blocks.values() if code in other.competencies), block.code)
        if owner != block.code:
            remedy = "donnez à cette compétence un code qui ne sert dans aucun autre bloc"
            self._fault(Field.COMPETENCY, f"{code} dans le seul bloc {owner}", f"{code} dans le bloc {block.code}", remedy)
            return
        competency = named[Field.COMPETENCY] = block.competency(code)
        competency.label = self._text_once(Field.COMPETENCY_TEXT, competency.label)
        competency.skill_type = self._word(Field.SKILL_TYPE, template.SKILL_TYPES) or competency.skill_type
        competency.reuse_level = self._word(Field.REUSE_LEVEL, template.REUSE_LEVELS) or competency.reuse_level
        self._link(competency.activities, Field.ACTIVITY, Field.ACTIVITY_LINK)
        self._link(competency.assessments, Field.ASSESSMENT, Field.ASSESSMENT_LINK)
        if criterion_code := self._code(Field.CRITERION):
            criterion = named[Field.CRITERION] = competency.child(criterion_code)
            criterion.label = self._text_once(Field.CRITERION_TEXT, criterion.label)
        else:
            self._lonely(Field.CRITERION_TEXT, Field.CRITERION)

    def _assessments(self, block: BlockDraft | None, named: dict[Field, Draft]) -> None:
        codes = self._codes(Field.ASSESSMENT)
        for code in codes:
            named[Field.ASSESSMENT] = self.draft.assessment(code)
            if block:
                block.assessments[code] = None
        if len(codes) == 1:
            assessment = named[Field.ASSESSMENT]
            assessment.label = self._text_once(Field.ASSESSMENT_TITLE, assessment.label)
            assessment.description = self._text_once(Field.ASSESSMENT_DESCRIPTION, assessment.description)
            assessment.modes.update(self._words(Field.MODES, template.MODES))
            assessment.arrangements.update(self._words(Field.ARRANGEMENTS, template.ARRANGEMENTS))
            return
        for field in (Field.ASSESSMENT_TITLE, Field.ASSESSMENT_DESCRIPTION, Field.MODES, Field.ARRANGEMENTS):
            self._lonely(field, Field.ASSESSMENT)

    def _details(self, named: dict[Field, Draft]) -> None:
        """What the optional columns say of one element of the row."""
        if not any(self._cell(field) for field in (Field.ELEMENT, *_DETAILS)):
            return
        described = self._word(Field.ELEMENT, ELEMENTS) or next((field for field in ELEMENTS.values() if field in named), None)
        element = named.get(described) if described else None
        if element is None:
            wanted = f"un code dans la colonne « {described.value} »" if described else "un code d'élément sur la ligne"
            self._fault(described, wanted, "rien", "indiquez l'élément que la ligne décrit")
            return
        element.source_notation = self._text_once(Field.SOURCE_NOTATION, element.source_notation)
        page, column = self._page(), self._word(Field.SOURCE_COLUMN, template.SOURCE_COLUMNS)
        if text := self._cell(Field.SOURCE_TEXT):
            element.excerpts.append(Excerpt(text, page, column))
        elif page or column:
            self._fault(Field.SOURCE_TEXT, "le texte du document à cette place", "rien", "recopiez-le, ou videz page et colonne")
        french, english = self._cell(Field.NOTE_FR) or None, self._cell(Field.NOTE_EN) or None
        if french or english:
            element.notes.append(Note(french, english))

    def _link(self, links: dict[str, Rule | None], codes_field: Field, rules_field: Field) -> None:
        """Links to each code of a cell; the cell with their status holds one word for all, or one for each."""
        codes = self._codes(codes_field)
        rules = self._words(rules_field, template.LINKS) or [None]
        if len(rules) not in (1, len(codes)):
            self._fault(
                rules_field, f"un statut, ou {len(codes)}", str(len(rules)), "donnez un statut par code, dans le même ordre"
            )
            return
        for code, rule in zip(codes, rules * len(codes) if len(rules) == 1 else rules, strict=True):
            if links.setdefault(code, rule) != rule:
                self._fault(rules_field, f"le même statut que plus haut pour {code}", "un autre", "gardez l'un des deux")

    def _cell(self, field: Field) -> str:
        return self.row.text(self.columns[field]) if field in self.columns else ""

    def _text_once(self, field: Field, known: str | None) -> str | None:
        """The cell's text, which must agree with what is known; what is known where the cell is empty."""
        text = self._cell(field) or known
        if known is not None and text is not None and text != known:
            pairs = enumerate(zip(known, text, strict=False))
            differ = next((at for at, (one, other) in pairs if one != other), min(len(known), len(text)))
            start = max(0, differ - _BEFORE)
            remedy = "gardez un seul des deux textes, au signe près"
            self._fault(field, f"{quote(known[start:])}, comme déjà lu", quote(text[start:]), remedy)
        return text

    def _lonely(self, field: Field, code_field: Field) -> None:
        """Refuse a text whose one code is missing: it would be lost."""
        if self._cell(field):
            expected = f"un seul code, sur la ligne qui donne {quote(self._cell(field))}"
            remedy = f"indiquez ce seul code dans la colonne « {code_field.value} »"
            self._fault(code_field, expected, quote(self._cell(code_field)), remedy)

    def _code(self, field: Field) -> str | None:
        codes = self._codes(field)
        if len(codes) > 1:
            self._fault(field, "un seul code", quote(self._cell(field)), "faites une ligne par code")
        return codes[0] if codes else None

    def _codes(self, field: Field) -> list[str]:
        """The codes of a cell. « Bloc 1 » and « Évaluation 2 » are codes with their kind before them."""
        codes = [_KIND.sub("", part) if field in _TITLED else part for part in _parts(self._cell(field))]
        for code in codes:
            if not _is_code(code):
                remedy = "écrivez-le en lettres, chiffres, points et tirets, sans espace ; plusieurs se séparent par « | »"
                self._fault(field, f"un code comme {_EXAMPLES.get(field, 'C1')}", quote(code), remedy)
        return [code for code in codes if _is_code(code)]

    def _word(self, field: Field, words: Mapping[str, V]) -> V | None:
        found = self._words(field, words)
        if len(found) > 1:
            self._fault(field, "un seul mot", quote(self._cell(field)), "gardez-en un")
        return found[0] if found else None

    def _words(self, field: Field, words: Mapping[str, V]) -> list[V]:
        """The values that the words of a cell stand for."""
        known = {fold(word): value for word, value in words.items()}
        found = []
        for word in _parts(self._cell(field)):
            if fold(word) in known:
                found.append(known[fold(word)])
            else:
                choice = ", ".join(f"« {each} »" for each in words)
                self._fault(field, f"l'un des mots {choice}", quote(word), "choisissez dans la liste")
        return found

    def _page(self) -> int | None:
        text = self._cell(Field.SOURCE_PAGE)
        if not text:
            return None
        if text.isdecimal() and len(text) <= _PAGE_DIGITS and int(text) > 0:
            return int(text)
        self._fault(Field.SOURCE_PAGE, "un numéro de page à partir de 1", quote(text), "écrivez un nombre entier")
        return None

    def _fault(self, field: Field | None, expected: str, found: str, remedy: str) -> None:
        """Note a fault; one for a cell is enough, others follow from it."""
        column = field.value if field else None
        place = (self.row.part, self.row.number, column)
        if column is None or place not in {(fault.part, fault.row, fault.column) for fault in self.faults}:
            self.faults.append(Fault(expected, found, remedy, self.row.number, column, self.row.part))
        if len(self.faults) == MOST:
            raise UnreadableSource(self.name, self.faults)


def _is_code(text: str) -> bool:
    return len(text) <= CODE_LENGTH and CODE.fullmatch(text) is not None


def _parts(text: str) -> list[str]:
    """The codes or words of a cell that may hold several."""
    return [part.strip() for part in re.split(r"[|,;\n]", text) if part.strip()]
