"""The thesaurus: what it says, what it refuses, and the file that is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from referentiel import resources
from referentiel.linking.analysis import words
from referentiel.linking.thesaurus import MAX_BYTES, WEIGHTS, Thesaurus, UnreadableThesaurus

HEADER = "expression\téquivalent\tgenre\tnote\n"
PAIRS = """\
# Les bateaux
SI\tsystème d'information\tsigle
amarrer\tamarrage\tdérivé\tcomme ancrer
bateau\tnavire\tsynonyme

navire\tvaisseau\tsynonyme
vaisseau\tbateau\tsynonyme
port de plaisance\tmarina\tvoisin
équipe\tmatelots\tsynonyme
navigateur\tmarin\tsynonyme
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "fr.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Thesaurus:
    return Thesaurus.load(written(tmp_path_factory.mktemp("thesaurus"), HEADER + PAIRS))


@pytest.mark.parametrize(
    ("text", "equivalents"),
    [
        ("Piloter le SI", {"système d'information": WEIGHTS["sigle"]}),
        ("Les systèmes d'information", {"SI": WEIGHTS["sigle"]}),
        ("Amarrage", {"amarrer": WEIGHTS["dérivé"]}),
        ("Nettoyer des ports de plaisance", {"marina": WEIGHTS["voisin"]}),
        ("Un port sans plaisance", {"marina": WEIGHTS["voisin"]}),
        ("Le port et la plaisance du lac", {"marina": WEIGHTS["voisin"]}),
        ("Plaisance au port", {}),
        ("Bateaux", {"navire": WEIGHTS["synonyme"], "vaisseau": WEIGHTS["synonyme"]}),
        ("Amarrant", {"amarrage": WEIGHTS["dérivé"]}),
        ("Navigatrices", {"marin": WEIGHTS["synonyme"]}),
        ("Les équipes", {"matelots": WEIGHTS["synonyme"]}),
        ("Les équipements", {}),
        ("La navigation", {}),
        ("", {}),
    ],
)
def test_equivalents_of_the_words_of_a_text(boats: Thesaurus, text: str, equivalents: dict[str, float]) -> None:
    assert dict(boats.expand(folded(text))) == equivalents


def test_equivalents_of_equivalents_are_not_followed(tmp_path: Path) -> None:
    chain = Thesaurus.load(written(tmp_path, HEADER + "bateau\tnavire\tsynonyme\nnavire\tvaisseau\tsynonyme\n"))
    assert chain.expand(["bateau"]) == [("navire", WEIGHTS["synonyme"])]


def test_the_heaviest_pair_wins(tmp_path: Path) -> None:
    both = Thesaurus.load(written(tmp_path, HEADER + "bateau\tnavire\tvoisin\nbateaux de pêche\tnavire\tsynonyme\n"))
    assert both.expand(["bateau", "peche"]) == [("navire", WEIGHTS["synonyme"])]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["ligne 1", "expression, équivalent, genre, note", "rétablissez"]),
        ("mot\tautre\n", ["ligne 1", "en-tête", "mot autre"]),
        (HEADER + "bateau\tnavire\n", ["ligne 2", "3 ou 4 colonnes", "2 colonne"]),
        (HEADER + "# note\n\nbateau\tnavire\tsynonyme\ta\tb\n", ["ligne 4", "5 colonne"]),
        (
            HEADER + "bateau\tnavire\tantonyme\n",
            ["ligne 2", "colonne « genre »", "sigle, dérivé, synonyme, voisin", "« antonyme »"],
        ),
        (HEADER + "\tnavire\tsynonyme\n", ["ligne 2", "colonne « expression »", "trouvé : rien"]),
        (HEADER + "bateau\tde la\tsynonyme\n", ["colonne « équivalent »", "« de la »"]),
        (HEADER + "bateau\tun très grand et beau navire blanc à voile rouge\tsynonyme\n", ["colonne « équivalent »", "1 à 5 mots"]),
        (HEADER + "bateau\tbateaux\tsynonyme\n", ["ligne 2", "mêmes radicaux", "retirez"]),
        (HEADER + "bateau\tnavire\tsynonyme\nnavires\tbateau\tvoisin\n", ["ligne 3", "la paire de la ligne 2"]),
    ],
)
def test_a_bad_line_is_told_with_its_place_and_its_remedy(tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(UnreadableThesaurus) as refusal:
        Thesaurus.load(written(tmp_path, text))
    assert len(refusal.value.faults) == 1
    assert all(part in str(refusal.value) for part in [*told, "fr.tsv", "attendu", "Pour corriger"])


def test_all_faults_are_told_but_not_without_end(tmp_path: Path) -> None:
    with pytest.raises(UnreadableThesaurus) as refusal:
        Thesaurus.load(written(tmp_path, HEADER + "\t\tx\n" * 3))
    assert [fault.row for fault in refusal.value.faults] == [2, 2, 2, 3, 3, 3, 4, 4, 4]
    with pytest.raises(UnreadableThesaurus) as refusal:
        Thesaurus.load(written(tmp_path, HEADER + "x\n" * 1000))
    assert len(refusal.value.faults) == 100


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fr.tsv"
    path.write_bytes(HEADER.encode("utf-16"))
    with pytest.raises(UnreadableThesaurus, match="UTF-8"):
        Thesaurus.load(path)
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(UnreadableThesaurus, match="4 Mio"):
        Thesaurus.load(path)


def test_the_shipped_thesaurus_is_sound_and_knows_the_words_of_the_trade() -> None:
    shipped = Thesaurus.load(resources.files("data/thesaurus", "fr.tsv")[0])
    assert len(shipped) > 1000
    for text, equivalent in [
        ("SI", "système d'information"),
        ("RGPD", "protection des données"),
        ("MOA", "maîtrise d'ouvrage"),
        ("rédaction", "rédiger"),
        ("informatique", "TIC"),
        ("collaborateurs", "personnel"),
    ]:
        assert equivalent in dict(shipped.expand(folded(text))), text
