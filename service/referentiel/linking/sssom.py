"""Mapping sets as SSSOM/TSV: a heading of YAML in lines that begin with `#`, then a table, one row for each decision.

What is written here is read back whole (linking.sssom_reading), but for a text that holds a row's tabs and a line's end: that is
what a stray quote makes of rows. IRIs are written short, by the prefixes of `curie_map`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

import yaml

from referentiel.linking.curies import BUILT_IN, contract, prefixes_for
from referentiel.linking.mapping import Mapping, MappingSet
from referentiel.linking.mapping_graph import order
from referentiel.model import natural_key

SUFFIX: Final = ".sssom.tsv"
NEGATION: Final = "Not"
"""The one value of predicate_modifier."""

COLUMNS: Final = {
    "subject_id": "subject",
    "subject_label": "subject_label",
    "predicate_modifier": "negated",
    "predicate_id": "predicate",
    "object_id": "object",
    "object_label": "object_label",
    "mapping_justification": "justification",
    "author_id": "author",
    "reviewer_id": "reviewer",
    "mapping_date": "date",
    "subject_source": "subject_source",
    "subject_source_version": "subject_source_version",
    "object_source": "object_source",
    "object_source_version": "object_source_version",
    "similarity_score": "score",
    "comment": "comment",
}
"""Column of SSSOM -> field of a Mapping, in the order in which they are written."""
REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
"""Those that are always written."""
IDENTIFIERS: Final = frozenset(
    "subject_id predicate_id object_id mapping_justification author_id reviewer_id subject_source object_source".split()
)
HEADING: Final = {
    "mapping_set_id": "iri",
    "mapping_set_title": "title",
    "mapping_set_description": "description",
    "mapping_set_version": "version",
    "license": "licence",
}
"""Entry of the heading -> field of a MappingSet."""


def write(found: MappingSet) -> str:
    """A mapping set as SSSOM/TSV; equal sets give equal texts."""
    rows = [
        {column: _written(getattr(each, name)) for column, name in COLUMNS.items()} for each in sorted(found.mappings, key=_order)
    ]
    used = [column for column in COLUMNS if column in REQUIRED or any(row[column] for row in rows)]
    base = found.iri.rpartition("mapping-set/")[0] or f"{found.iri}/"
    prefixes = prefixes_for((row[column] for row in rows for column in IDENTIFIERS if row[column]), base)
    out = io.StringIO()
    out.writelines(f"# {line}\n" for line in _heading(found, prefixes))
    out.write("\t".join(used) + "\n")
    for row in rows:
        cells = (contract(row[column], prefixes) if column in IDENTIFIERS else row[column] for column in used)
        out.write("\t".join(map(_cell, cells)) + "\n")
    return out.getvalue()


def _heading(found: MappingSet, prefixes: dict[str, str]) -> Iterator[str]:
    """The lines of YAML before the table: one for each entry, whatever its text holds."""
    ours = {prefix: iri for prefix, iri in prefixes.items() if prefix not in BUILT_IN}
    if ours:
        yield "curie_map:"
    yield from (f"  {prefix}: {_scalar(iri)}" for prefix, iri in ours.items())
    yield from (f"{entry}: {_scalar(str(value))}" for entry, name in HEADING.items() if (value := getattr(found, name)))


def _scalar(text: str) -> str:
    style = None if text.isprintable() else '"'
    return (
        str(yaml.safe_dump(text, allow_unicode=True, default_style=style, width=float("inf")))
        .removesuffix("\n")
        .removesuffix("\n...")
    )


def _cell(text: str) -> str:
    """A cell between quotes where it needs them (RFC 4180): Python's csv forgets the carriage return."""
    return '"' + text.replace('"', '""') + '"' if re.search(r'[\t\r\n"]', text) else text


def _order(mapping: Mapping) -> tuple[Any, ...]:
    return natural_key(str(mapping.subject)), *order(mapping)


def _written(value: object) -> str:
    """A field of a Mapping as a cell."""
    if value is None or value is False:
        return ""
    if value is True:
        return NEGATION
    return repr(value) if isinstance(value, float) else str(value)


assert {field.name for field in fields(Mapping)} == set(COLUMNS.values()), "every field of a decision has its column"
