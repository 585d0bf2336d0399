"""A vocabulary of our own making, in two languages, to find concepts in."""

from __future__ import annotations

from referentiel.linking.concepts import Concept, Kind

BASE = "https://w3id.org/referentiel/id/"
_SKILLS = {
    "clean-tank": (("nettoyer les cuves",), ("clean tanks", "wash tanks")),
    "clean-room": (("nettoyage des chambres",), ("clean rooms",)),
    "manage-team": (("gérer une équipe", "encadrer une équipe"), ("manage a team",)),
    "manage-stock": (("gérer les stocks",), ("manage stocks",)),
    "write-report": (("rédiger un rapport",), ("write a report", "draft reports")),
    "write-contract": (("rédiger un contrat",), ("write contracts",)),
    "write-letter": (("écrire une lettre",), ("write a letter",)),
    "repair-boat": (("réparer un bateau",), ("repair boats",)),
    "boat-law": (("droit maritime",), ("maritime law",)),
    "weld": (("souder de l'acier",), ("weld steel",)),
}
SKILLS = [Concept(f"urn:skill:{code}", french, Kind.SKILL, "esco", english) for code, (french, english) in _SKILLS.items()]
KNOW_HOW = [
    Concept(f"{BASE}vocabulary/rome/savoir-faire/{number}", (label,), Kind.SKILL, "rome")
    for number, label in enumerate(("Encadrer une équipe de soudeurs", "Établir un rapport", "Contrôler un SI"), start=1)
]
OCCUPATIONS = [
    Concept("urn:occupation:welder", ("soudeur/soudeuse",), Kind.OCCUPATION, "esco", ("welder",)),
    Concept("urn:occupation:buyer", ("acheteur/acheteuse", "responsable des achats"), Kind.OCCUPATION, "esco", ("buyer",)),
    Concept(
        "urn:occupation:director", ("directeur technique/directrice technique",), Kind.OCCUPATION, "esco", ("technical director",)
    ),
    Concept(f"{BASE}vocabulary/rome/fiche/H2913", ("Soudeur / Soudeuse",), Kind.OCCUPATION, "rome"),
]
CONCEPTS = [*SKILLS, *KNOW_HOW, *OCCUPATIONS]
