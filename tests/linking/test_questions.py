"""Texts to be linked, as a table: what is read, and what is refused and where."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.linking.faults import UnreadableMappings
from referentiel.linking.questions import MAX_ROWS, MAX_TEXT, read


@pytest.mark.parametrize("heading", ["", "id\ttext\n", "query_id\tquery_fr\n", "\ufeffid\ttexte\r\n"])
def test_rows_with_or_without_a_heading(heading: str) -> None:
    assert read((heading + "a\tGérer une équipe \r\n\n b\tSouder\n").encode()) == [("a", "Gérer une équipe"), ("b", "Souder")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a\tun\nb", "ligne 2 — attendu : deux colonnes"),
        (b"a\tun\tdeux", "trouvé : 3 colonnes"),
        (b"a\tun\n\tdeux", "ligne 2, colonne « identifiant »"),
        (b"a\t \n", "ligne 1, colonne « texte »"),
        (
            b"a\tun\n\na\tdeux",
            "ligne 3, colonne « identifiant » — attendu : un identifiant par ligne ; trouvé : « a » une seconde fois",
        ),
        (b"a\tun\nb\t\xe9quipe", "ligne 2 — attendu : du texte en UTF-8"),
        (b"a\t" + b"x" * (MAX_TEXT + 1), f"attendu : {MAX_TEXT} caractères au plus"),
        (b"a\tb\n" * (MAX_ROWS + 1), f"attendu : {MAX_ROWS} lignes au plus"),
    ],
)
def test_a_fault_is_told_with_its_place(text: bytes, said: str) -> None:
    with pytest.raises(UnreadableMappings) as refused:
        read(text)
    assert said in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(UnreadableMappings) as refused:
        read(b"a\nb\tdeux\nc\n")
    assert [fault.row for fault in refused.value.faults] == [1, 3]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(UnreadableMappings):
        assert all(name and text for name, text in read(data))
