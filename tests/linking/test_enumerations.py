"""Enumerations told apart."""

from __future__ import annotations

import pytest

from referentiel.linking.enumerations import distribute


@pytest.mark.parametrize(
    ("phrases", "pairs"),
    [
        (["trier les déchets"], ["trier les déchets"]),
        (["trier les déchets et le papier"], ["trier les déchets", "trier le papier"]),
        (["laver", "sécher", "plier le linge"], ["laver le linge", "sécher le linge", "plier le linge"]),
        (["collecter les avis", "les classer"], ["collecter les avis", "classer les avis"]),
        (["collecter les avis", "l'étudier à fond"], ["collecter les avis", "étudier les avis à fond"]),
        (["assurer le suivi et l'évaluation des actions"], ["assurer le suivi des actions", "assurer l'évaluation des actions"]),
        (["assurer la gestion des stocks et des commandes"], ["assurer la gestion des stocks", "assurer la gestion des commandes"]),
        (["dresser un plan", "le décliner en budget"], ["dresser un plan", "décliner un plan en budget"]),
        (["faire évoluer les outils et les règles"], ["faire évoluer les outils", "faire évoluer les règles"]),
        (["jouer avec les petits et les grands"], ["jouer avec les petits", "jouer avec les grands"]),
        (["mettre en place un accueil ou une visite"], ["mettre en place un accueil", "mettre en place une visite"]),
        (["cibler le ou les pays"], ["cibler les pays"]),
        (["participer à la fête et aux courses"], ["participer à la fête", "participer aux courses"]),
        (["la tenue d'un registre, le calcul de la paie"], ["la tenue d'un registre", "le calcul de la paie"]),
        (["écouter"], ["écouter"]),
        ([], []),
    ],
)
def test_each_verb_with_each_of_its_objects(phrases: list[str], pairs: list[str]) -> None:
    assert distribute(phrases) == pairs


def test_a_pronoun_stands_for_what_came_before() -> None:
    assert distribute(["les classer"], "les avis") == ["classer les avis"]
    assert distribute(["les classer", "trier des cartes"], "les avis") == ["classer les avis", "trier des cartes"]
