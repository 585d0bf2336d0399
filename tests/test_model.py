from __future__ import annotations

import pytest

from referentiel.model import CODE, Link, by_code, natural_key


def test_codes_sort_as_people_count() -> None:
    codes = ["CE10.1", "CE5.10", "CE5.2", "C9", "C10", "2", "10", "A1"]
    assert sorted(codes, key=natural_key) == ["2", "10", "A1", "C9", "C10", "CE5.2", "CE5.10", "CE10.1"]


def test_by_code_keeps_every_item() -> None:
    assert [link.code for link in by_code([Link("C10"), Link("C9"), Link("C9")])] == ["C9", "C9", "C10"]


@pytest.mark.parametrize("code", ["C5", "CE5.2", "1", "RNCP12345BC01", "000_dc92", "a-b"])
def test_a_code_may_be_a_segment(code: str) -> None:
    assert CODE.fullmatch(code)


@pytest.mark.parametrize("code", ["", " C5", "C 5", "C5/6", "..", ".", "-a", "é", "a#b", "a?b", "a%2Fb", "C5\n"])
def test_a_code_that_would_spoil_an_iri_is_refused(code: str) -> None:
    assert not CODE.fullmatch(code)
