"""Records written as a table and read again: nothing is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from records import certifications
from referentiel.exports import table
from referentiel.model import Certification
from referentiel.sources import read_certification
from referentiel.template import COLUMNS, Field


@settings(max_examples=60, deadline=None)
@given(certifications())
def test_any_records_come_back_from_csv(certification: Certification) -> None:
    assert read_certification("x", table.to_csv(certification)) == certification


@settings(max_examples=15, deadline=None)
@given(certifications())
def test_any_records_come_back_from_xlsx(certification: Certification) -> None:
    assert read_certification("x", table.to_xlsx(certification)) == certification


@pytest.mark.parametrize("write", [table.to_csv, table.to_xlsx])
def test_the_seed_comes_back(seed: Certification, write: object) -> None:
    assert callable(write)
    assert read_certification("x", write(seed)) == seed


def test_csv_is_what_spreadsheets_open(seed: Certification) -> None:
    data = table.to_csv(seed)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == [field.value for field in COLUMNS]
    criteria = {row[rows[0].index(Field.CRITERION.value)] for row in rows[1:]} - {""}
    assert len(criteria) == 42


def test_the_spreadsheet_explains_itself() -> None:
    book = load_workbook(io.BytesIO(table.empty_xlsx()))
    assert book.sheetnames == ["Référentiel", "Mode d'emploi"]
    explained = [row[0] for row in book["Mode d'emploi"].iter_rows(min_row=2, values_only=True)]
    assert explained == [field.value for field in Field]
    assert book["Référentiel"].data_validations.dataValidation


def test_a_text_that_looks_like_a_formula_stays_text(seed: Certification) -> None:
    from dataclasses import replace

    tricked = replace(seed, label="=1+1")
    assert read_certification("x", table.to_xlsx(tricked)).label == "=1+1"
