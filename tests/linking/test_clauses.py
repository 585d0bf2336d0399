"""Long French competencies, cut into parts. All sentences are made for these tests."""

from __future__ import annotations

import pytest

from referentiel.linking.clauses import MAX_CLAUSES, MAX_TEXT, Clause, clauses, cut


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Tailler une haie", []),
        ("Être capable de tailler une haie", ["tailler une haie"]),
        ("Etre capable de tailler une haie", ["tailler une haie"]),
        ("A l'aide d'un sécateur, tailler une haie", ["tailler une haie", "un sécateur"]),
        ("C3.2 - Tailler une haie", ["Tailler une haie"]),
        ("Tailler une haie, un rosier et tondre une pelouse", ["Tailler une haie", "Tailler un rosier", "tondre une pelouse"]),
        (
            "Rédiger, corriger et diffuser un bulletin municipal afin de répondre aux attentes du public",
            ["Rédiger un bulletin municipal", "corriger un bulletin municipal", "diffuser un bulletin municipal"],
        ),
        (
            "Préparer un voyage en comparant les tarifs et en réservant des chambres, pour accueillir un groupe scolaire",
            ["Préparer un voyage", "comparer les tarifs", "réserver des chambres", "accueillir un groupe scolaire"],
        ),
        (
            "Soigner un cheval à l’aide d’une trousse vétérinaire, dans le respect du bien-être animal",
            ["Soigner un cheval", "une trousse vétérinaire", "bien-être animal"],
        ),
        (
            "Dans le cadre d'un festival, régler le son et les projecteurs",
            ["régler le son", "régler les projecteurs", "un festival"],
        ),
        (
            "Assurer la collecte, le tri et l'archivage des factures d'une PME",
            [
                "Assurer la collecte des factures d'une PME",
                "Assurer le tri des factures d'une PME",
                "Assurer l'archivage des factures d'une PME",
            ],
        ),
        (
            "Choisir un outil (tableur, base de données) selon la taille des fichiers",
            ["Choisir un outil", "tableur base de données", "la taille des fichiers"],
        ),
        ("Garder un troupeau (cf. la fiche. Alpage) en montagne", ["Garder un troupeau en montagne", "cf. la fiche. Alpage"]),
        ("Garder un troupeau (en alpage", []),
        (
            "Utiliser un logiciel (conception assistée par ordinateur, gestion de stock)",
            ["Utiliser un logiciel", "conception assistée par ordinateur", "gestion de stock"],
        ),
        (
            "Former les apprenti(e)s afin de transmettre un savoir-faire et de prévenir les accidents",
            ["Former les apprentis", "transmettre un savoir-faire", "prévenir les accidents"],
        ),
        (
            "Recueillir les plaintes pour les analyser et rédiger une réponse",
            ["Recueillir les plaintes", "analyser les plaintes", "rédiger une réponse"],
        ),
        ("Vérifier un moteur. Remplacer une courroie", ["Vérifier un moteur", "Remplacer une courroie"]),
        ("Vérifier un moteur Remplacer une courroie", ["Vérifier un moteur", "Remplacer une courroie"]),
        (
            "Repérer, avec une première approche et sur son secteur, les nids et les terriers",
            ["Repérer les nids", "Repérer les terriers"],
        ),
        ("Poncer, le cas échéant, un meuble ciré si besoin, etc.", ["Poncer un meuble ciré"]),
        (
            "Théorie : les vernis. Appliquer un vernis, poncer un meuble",
            ["Appliquer un vernis", "poncer un meuble", "Théorie", "les vernis"],
        ),
        ("Appliquer un vernis et/ou être en mesure de poncer un meuble", ["Appliquer un vernis", "poncer un meuble"]),
    ],
)
def test_parts_say_one_thing_each(text: str, parts: list[str]) -> None:
    assert cut(text) == [text, *parts]


def test_a_noun_that_ends_like_a_verb_parts_nothing() -> None:
    text = "Suivre un plan commercial et financier de reprise pour les métiers du chantier, hôtelier ou particulier"
    assert cut(text) == [text]


def test_parts_weigh_by_their_role_and_by_how_precise_they_are() -> None:
    weights = {
        clause.text: clause.weight
        for clause in clauses(
            "Réaliser des actions et diagnostiquer une panne hydraulique en démontant un vérin rotatif "
            "afin de remettre en route une presse (joint torique, bague cuivrée) au sein d'un atelier mécanique naval"
        )
    }
    roles = [
        "diagnostiquer une panne hydraulique",
        "démonter un vérin rotatif",
        "remettre en route une presse",
        "joint torique",
        "Réaliser des actions",
    ]
    assert [weights[part] for part in roles] == sorted((weights[part] for part in roles), reverse=True)
    assert len({weights[part] for part in roles}) == len(roles)
    assert weights["diagnostiquer une panne hydraulique"] == 1.0
    assert weights["un atelier mécanique naval"] < weights["démonter un vérin rotatif"]


def test_purposes_that_any_competency_has_are_dropped() -> None:
    text = "Brasser une bière afin de garantir la satisfaction des clients et d'optimiser la performance de l'entreprise"
    assert cut(text) == [text, "Brasser une bière"]


def test_the_whole_text_comes_first_with_full_weight() -> None:
    assert clauses("  Tondre\n une   pelouse ")[0] == Clause("Tondre une pelouse", 1.0)


def test_no_text_has_no_parts() -> None:
    assert clauses("") == clauses(" \n\t ") == []


def test_parts_are_few_and_none_comes_twice() -> None:
    text = "Tailler " + ", ".join(f"la haie {number}" for number in range(40)) + " afin de planter un chêne"
    parts = cut(text)
    assert len(parts) == MAX_CLAUSES
    assert len({part.casefold() for part in parts}) == len(parts)
    assert "planter un chêne" in parts
    assert cut("Trier du linge. Trier du linge. Laver du linge")[1:] == ["Trier du linge", "Laver du linge"]


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "et ",
        ", ",
        "(",
        "((a",
        "de ",
        "pour le ",
        "analyser, ",
        "en ",
        "A1 ",
        " \n",
        "Gérer ",
        ". ",
        "l'",
        "-",
        "à ",
        "́",
        "être capable de ",
        "𝔸",
        "\x00",
    ],
)
def test_hostile_texts_have_few_and_short_parts(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    parts = clauses(text)
    assert len(parts) <= MAX_CLAUSES
    assert all(len(part.text) <= MAX_TEXT for part in parts)
