from __future__ import annotations

import pytest

from referentiel.store import ResultFormat
from referentiel.web.negotiation import HTML, choose, language, offer

TABLES = [*map(offer, (ResultFormat.JSON, ResultFormat.XML, ResultFormat.CSV, ResultFormat.TSV)), HTML]
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (None, "srj"),
        ("", "srj"),
        ("*/*", "srj"),
        ("not a media range", "srj"),
        (FIREFOX, "html"),
        (CHROMIUM, "html"),
        ("application/sparql-results+xml", "srx"),
        ("application/xml", "srx"),
        ("application/json", "srj"),
        ("APPLICATION/JSON", "srj"),
        ("text/csv", "csv"),
        ("text/csv; charset=utf-8", "csv"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "tsv"),
        ("text/csv;q=0.5, */*;q=0.1", "csv"),
        ("*/*, text/csv;q=0", "srj"),
        ("*/*;q=0.2, application/*;q=0.1", "csv"),
        ("text/*", "csv"),
        ("text/*;q=0.3, text/html;q=0.8", "html"),
        ("application/sparql-results+xml, application/rdf+xml", "srx"),
        ("image/png, application/sparql-results+json;q=0.1", "srj"),
        ("image/png", None),
        ("application/sparql-results+json;q=0", None),
        ("*/*;q=0", None),
    ],
)
def test_accept_decides(accept: str | None, suffix: str | None) -> None:
    choice = choose(accept, TABLES)
    assert (choice and choice.offer.suffix) == suffix


@pytest.mark.parametrize(("accept", "named"), [("*/*", False), ("text/*", False), ("text/csv", True), ("application/json", True)])
def test_a_wildcard_names_nothing(accept: str, named: bool) -> None:
    choice = choose(accept, TABLES)
    assert choice is not None
    assert choice.named is named


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en,fr", "fr"),
        ("de", "fr"),
        ("de,en;q=0.5,fr;q=0.3", "en"),
        ("en;q=0", "fr"),
        ("*", "fr"),
        ("<script>", "fr"),
    ],
)
def test_language_is_french_unless_english_is_preferred(header: str | None, expected: str) -> None:
    assert language(header) == expected
