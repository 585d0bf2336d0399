"""Which French words are infinitives, and the infinitive of a present participle."""

from __future__ import annotations

import pytest

from referentiel.linking.verbs import infinitive, is_infinitive


@pytest.mark.parametrize(
    "verb",
    [
        "animer",
        "vérifier",
        "étudier",
        "négocier",
        "définir",
        "concevoir",
        "mettre",
        "rédiger",
        "S'assurer",
        "résoudre",
        "prévoir",
        "extraire",
    ],
)
def test_verbs(verb: str) -> None:
    assert is_infinitive(verb)


@pytest.mark.parametrize(
    "noun",
    [
        "métier",
        "chantier",
        "dossier",
        "financier",
        "usager",
        "avenir",
        "couloir",
        "cadre",
        "mesure",
        "lettre",
        "livre",
        "mer",
        "",
        "les données à trier",
    ],
)
def test_nouns_that_end_like_verbs(noun: str) -> None:
    assert not is_infinitive(noun)


@pytest.mark.parametrize(
    ("participle", "verb"),
    [
        ("collectant", "collecter"),
        ("établissant", "établir"),
        ("conduisant", "conduire"),
        ("utilisant", "utiliser"),
        ("prenant", "prendre"),
        ("Partageant", "partager"),
        ("remplaçant", "remplacer"),
        ("décrivant", "décrire"),
        ("mettant", "mettre"),
        ("répondant", "répondre"),
        ("recommandant", "recommander"),
    ],
)
def test_infinitive_of_a_participle(participle: str, verb: str) -> None:
    assert infinitive(participle) == verb
