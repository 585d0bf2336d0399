"""Records to the template's table, nothing lost: a row for each element, one more for each further excerpt of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import TypeAlias, TypeVar

from referentiel import template
from referentiel.model import Certification, Competency, Element, Link, SkillBlock
from referentiel.template import COLUMNS, ELEMENTS, SEPARATOR, Field

TableRow: TypeAlias = dict[Field, str]
"""A row: text by column; a column left out is empty."""

V = TypeVar("V")
_CELL_LIMIT = 32_767
_WORDS = {field: word for word, field in ELEMENTS.items()}


def rows(certification: Certification) -> Iterator[TableRow]:
    """The rows that say all that the records say."""
    identity = {Field.CERTIFICATION: certification.code}
    own = {Field.TITLE: certification.label or "", Field.NUMBER: certification.number or ""}
    yield from _described(Field.CERTIFICATION, certification, identity, own)
    for block in certification.blocks:
        yield from _block(certification, block)
    stated = {code for block in certification.blocks for code in block.assessments}
    for assessment in certification.assessments:
        if assessment.code not in stated:
            yield from _assessment(certification, assessment.code, {})


def to_csv(certification: Certification) -> bytes:
    """The table as CSV: UTF-8 with a mark that spreadsheets look for, semicolons, CRLF (RFC 4180)."""
    return _csv(rows(certification))


def to_xlsx(certification: Certification) -> bytes:
    """The table as a spreadsheet, with a sheet that explains its columns. Raises TextTooLong."""
    return _xlsx(rows(certification))


def empty_csv() -> bytes:
    """The empty template as CSV."""
    return _csv(())


def empty_xlsx() -> bytes:
    """The empty template as a spreadsheet, with lists to choose from and a sheet that explains its columns."""
    return _xlsx(())


def _block(certification: Certification, block: SkillBlock) -> Iterator[TableRow]:
    place = {Field.BLOCK: block.code}
    yield from _described(Field.BLOCK, block, place, {Field.BLOCK_TITLE: block.label or ""})
    for activity in block.activities:
        at = place | {Field.ACTIVITY: activity.code}
        yield from _described(Field.ACTIVITY, activity, at, {Field.ACTIVITY_TITLE: activity.label or ""})
        for task in activity.tasks:
            yield from _described(Field.TASK, task, at | {Field.TASK: task.code}, {Field.TASK_TITLE: task.label or ""})
    for code in block.assessments:
        yield from _assessment(certification, code, place)
    for competency in block.competencies:
        yield from _competency(competency, place)


def _assessment(certification: Certification, code: str, place: TableRow) -> Iterator[TableRow]:
    """The rows of an assessment. It is described where it is first shown; other blocks only name it."""
    at = place | {Field.ASSESSMENT: code}
    assessment = next((each for each in certification.assessments if each.code == code), None)
    first = next((block.code for block in certification.blocks if code in block.assessments), None)
    if assessment is None or first != place.get(Field.BLOCK):
        yield at
        return
    own = {
        Field.ASSESSMENT_TITLE: assessment.label or "",
        Field.ASSESSMENT_DESCRIPTION: assessment.description or "",
        Field.MODES: _join(assessment.modes, template.MODES),
        Field.ARRANGEMENTS: _join(assessment.arrangements, template.ARRANGEMENTS),
    }
    yield from _described(Field.ASSESSMENT, assessment, at, own)


def _competency(competency: Competency, place: TableRow) -> Iterator[TableRow]:
    at = place | {Field.COMPETENCY: competency.code}
    own = {
        Field.COMPETENCY_TEXT: competency.label or "",
        Field.ACTIVITY: f" {SEPARATOR} ".join(link.code for link in competency.activities),
        Field.ACTIVITY_LINK: _statuses(competency.activities),
        Field.ASSESSMENT: f" {SEPARATOR} ".join(link.code for link in competency.assessments),
        Field.ASSESSMENT_LINK: _statuses(competency.assessments),
        Field.SKILL_TYPE: _join((competency.skill_type,), template.SKILL_TYPES),
        Field.REUSE_LEVEL: _join((competency.reuse_level,), template.REUSE_LEVELS),
    }
    yield from _described(Field.COMPETENCY, competency, at, own)
    for criterion in competency.criteria:
        text = {Field.CRITERION_TEXT: criterion.label or ""}
        yield from _described(Field.CRITERION, criterion, at | {Field.CRITERION: criterion.code}, text)


def _described(field: Field, element: Element, at: TableRow, own: TableRow) -> Iterator[TableRow]:
    """The rows of one element: its codes `at`, what it says of its `own` once, and an excerpt in each."""
    once = own | {Field.SOURCE_NOTATION: element.source_notation or ""}
    if element.note:
        once |= {Field.NOTE_FR: element.note.fr or "", Field.NOTE_EN: element.note.en or ""}
    for excerpt, said in zip_longest(element.excerpts, (once,), fillvalue=None):
        row = at | {Field.ELEMENT: _WORDS[field]} | (said or {})
        if excerpt:
            row |= {Field.SOURCE_TEXT: excerpt.text, Field.SOURCE_PAGE: str(excerpt.page or "")}
            row[Field.SOURCE_COLUMN] = _join((excerpt.column,), template.SOURCE_COLUMNS)
        yield row


def _join(values: Iterable[V | None], words: Mapping[str, V]) -> str:
    """The words that stand for the values; a value that is None has none."""
    by_value = {value: word for word, value in words.items()}
    return f" {SEPARATOR} ".join(by_value[value] for value in values if value is not None)


def _statuses(links: tuple[Link, ...]) -> str:
    """The status of each link, or once where all have the same."""
    by_rule = {rule: word for word, rule in template.LINKS.items()}
    statuses = [by_rule[link.rule] for link in links]
    return f" {SEPARATOR} ".join(statuses[:1] if len(set(statuses)) == 1 else statuses)


def _csv(table: Iterable[TableRow]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(field.value for field in COLUMNS)
    writer.writerows([row.get(field, "") for field in COLUMNS] for row in table)
    return out.getvalue().encode("utf-8-sig")


class TextTooLong(ValueError):
    """A text is longer than a spreadsheet's cell can be."""


def _xlsx(table: Iterable[TableRow]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Référentiel"
    sheet.append([field.value for field in COLUMNS])
    for number, row in enumerate(table, start=2):
        for column, field in enumerate(COLUMNS, start=1):
            if len(row.get(field, "")) > _CELL_LIMIT:
                raise TextTooLong(f"{field.value} : {len(row[field])} signes, {_CELL_LIMIT} au plus")
            cell = sheet.cell(number, column, row.get(field) or None)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.value is not None:
                cell.data_type = "s"  # text stays text, even when it begins with an equals sign
    sheet.freeze_panes = "A2"
    for column, (field, help_) in enumerate(COLUMNS.items(), start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = help_.width
        sheet.column_dimensions[letter].number_format = "@"  # text: a code 1.10 must not become the number 1.1
        sheet.cell(1, column).font = Font(bold=help_.required)
        if words := _CHOICES.get(field):
            choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
            choice.add(f"{letter}2:{letter}5000")
            sheet.add_data_validation(choice)
    guide = book.create_sheet("Mode d'emploi")
    guide.append(["Colonne", "Obligatoire", "Comment la remplir", "Exemple"])
    for field, help_ in COLUMNS.items():
        guide.append([field.value, "oui" if help_.required else "non", help_.text, help_.example])
    for letter, width in (("A", 30), ("B", 12), ("C", 90), ("D", 45)):
        guide.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_CHOICES: dict[Field, Iterable[str]] = {
    Field.MODES: template.MODES,
    Field.ARRANGEMENTS: template.ARRANGEMENTS,
    Field.SKILL_TYPE: template.SKILL_TYPES,
    Field.REUSE_LEVEL: template.REUSE_LEVELS,
    Field.ELEMENT: ELEMENTS,
    Field.SOURCE_COLUMN: template.SOURCE_COLUMNS,
}
"""Columns whose words can be chosen from a list; several words are still allowed."""
