"""Our own French words, and the texts of realistic length that are made of them."""

from __future__ import annotations

from random import Random
from typing import Final

VERBS: Final = """
    Analyser Concevoir Piloter Évaluer Organiser Planifier Conduire Rédiger Négocier Contrôler Diagnostiquer Animer
    Coordonner Déployer
    Maintenir Sécuriser Optimiser Formaliser Préparer Superviser Identifier
    Mesurer Adapter Documenter Assembler Entretenir Accueillir
    Transmettre Programmer Arbitrer
""".split()

OBJECTS: Final = (
    "les besoins du commanditaire",
    "le cahier des charges fonctionnel",
    "un plan d'action pluriannuel",
    "les indicateurs de performance",
    "la relation avec les usagers",
    "une démarche d'amélioration continue",
    "les risques professionnels du poste",
    "le budget prévisionnel du service",
    "l'outil de production numérique",
    "les opérations de maintenance préventive",
    "un réseau de partenaires locaux",
    "la qualité sanitaire des produits",
    "les données recueillies sur le terrain",
    "une équipe pluridisciplinaire",
    "le parcours des bénéficiaires",
    "la chaîne logistique de bout en bout",
    "les prototypes issus de l'atelier",
    "un dispositif de veille réglementaire",
    "la communication interne et externe",
    "le chantier jusqu'à sa réception",
    "les contrats de prestation",
    "l'architecture du système d'information",
    "les gestes techniques du métier",
    "une étude d'impact environnemental",
    "le planning des interventions",
    "la trésorerie de l'exploitation",
    "les compétences des collaborateurs",
    "un projet artistique collectif",
    "la conformité des installations",
    "les stocks de matières premières",
)

MANNERS: Final = (
    "en mobilisant une méthode participative",
    "à partir d'un relevé contradictoire",
    "dans le respect de la réglementation en vigueur",
    "en tenant compte des situations de handicap",
    "à l'aide d'un tableau de bord partagé",
    "en veillant à l'accessibilité des supports",
    "selon les consignes de sécurité de l'entreprise",
    "en s'appuyant sur des retours d'expérience",
    "dans une langue étrangère si nécessaire",
    "en comparant plusieurs scénarios chiffrés",
    "au moyen d'outils numériques collaboratifs",
    "en intégrant les enjeux de transition écologique",
)

PURPOSES: Final = (
    "afin de garantir la satisfaction du client",
    "pour fiabiliser les décisions de la direction",
    "afin de réduire les délais et les coûts",
    "pour prévenir les accidents et les non-conformités",
    "afin de valoriser le travail de l'équipe",
    "pour assurer la traçabilité des interventions",
    "afin de sécuriser le parcours de chacun",
    "pour anticiper l'évolution du métier",
)

CRITERIA: Final = (
    "La méthode retenue est justifiée et adaptée au contexte",
    "Les livrables sont complets et exploitables par un tiers",
    "Les écarts sont relevés, expliqués et suivis d'une mesure",
    "Le vocabulaire professionnel est employé à bon escient",
    "Les délais annoncés sont tenus ou leur report est motivé",
    "Les obligations légales sont citées et appliquées",
    "La présentation orale est structurée et convaincante",
    "Les sources sont vérifiées et correctement référencées",
    "Le choix des indicateurs permet de suivre la progression",
    "Les règles d'hygiène et de sécurité sont respectées",
)

EXAMINATIONS: Final = (
    "Étude de cas",
    "Mise en situation professionnelle",
    "Dossier professionnel",
    "Soutenance devant un jury",
    "Épreuve pratique",
    "Questionnaire écrit",
    "Projet tutoré",
    "Entretien technique",
)

OCCUPATIONS: Final = (
    "Chargé d'affaires",
    "Technicien",
    "Responsable",
    "Conducteur de travaux",
    "Animateur",
    "Développeur",
    "Gestionnaire",
    "Opérateur",
    "Conseiller",
    "Ouvrier qualifié",
    "Directeur adjoint",
    "Assistant",
    "Contrôleur",
    "Formateur",
    "Concepteur",
    "Régisseur",
)

FIELDS: Final = (
    "forêt et bois",
    "mécanique navale",
    "commerce équitable",
    "services à la personne",
    "génie climatique",
    "arts de la scène",
    "cybersécurité",
    "maraîchage",
    "édition numérique",
    "transport fluvial",
    "métrologie",
    "restauration collective",
    "tourisme de montagne",
    "énergies marines",
    "logement social",
    "santé animale",
    "comptabilité publique",
    "textile technique",
    "aménagement paysager",
    "robotique",
)

KINDS: Final = (
    "Titre à finalité professionnelle",
    "Brevet",
    "Diplôme",
    "Certificat de qualification",
    "Mastère",
    "Licence professionnelle",
)
SPECIALITIES: Final = (
    "durable",
    "appliquée",
    "de proximité",
    "industrielle",
    "responsable",
    "territoriale",
    "de précision",
    "internationale",
)
BODIES: Final = ("Institut", "École", "Centre de formation", "Chambre", "Académie", "Groupement", "Université", "Association")
SYLLABLES: Final = ("bro", "vel", "tan", "mi", "gor", "sau", "lec", "ran", "pui", "che", "dor", "nay", "vil", "mont")


def competency(random: Random) -> str:
    """What a competency says, about 120 characters."""
    return f"{random.choice(VERBS)} {random.choice(OBJECTS)} {random.choice(MANNERS)}, {random.choice(PURPOSES)}"


def activity(random: Random) -> str:
    """The label of an activity or a task, about 50 characters."""
    return f"{random.choice(VERBS)} {random.choice(OBJECTS)} : {random.choice(FIELDS)}"


def criterion(random: Random) -> str:
    """What a criterion says, about 100 characters."""
    return f"{random.choice(CRITERIA)}, {random.choice(MANNERS)}"


def block(random: Random) -> str:
    """The label of a skill block, about 75 characters."""
    return f"{random.choice(VERBS)} {random.choice(OBJECTS)} en {random.choice(FIELDS)} {random.choice(SPECIALITIES)}"


def title(random: Random) -> str:
    """The title of a certification, about 65 characters."""
    return f"{random.choice(KINDS)} : {random.choice(OCCUPATIONS)} en {random.choice(FIELDS)} {random.choice(SPECIALITIES)}"


def paragraph(random: Random, sentences: int) -> str:
    """Running text, about 120 characters a sentence."""
    return ". ".join(competency(random) for _ in range(sentences)) + "."


def town(random: Random) -> str:
    """The name of a town that does not exist."""
    return "-".join("".join(random.choices(SYLLABLES, k=random.randint(2, 3))).capitalize() for _ in range(random.randint(1, 2)))
