"""The template that a certifying body fills in: its columns, their meaning, and the words that its cells may hold.

Read by `sources.template`, written by `exports.table`. French throughout: it is what a certifying body sees.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Final

from referentiel.model import Arrangement, Column, Mode, ReuseLevel, Rule, SkillType


class Field(Enum):
    """What a column of the template holds."""

    CERTIFICATION = "Certification"
    TITLE = "Intitulé de la certification"
    NUMBER = "Numéro RNCP ou RS"
    BLOCK = "Bloc"
    BLOCK_TITLE = "Intitulé du bloc"
    ACTIVITY = "Activité"
    ACTIVITY_TITLE = "Intitulé de l'activité"
    TASK = "Tâche"
    TASK_TITLE = "Intitulé de la tâche"
    COMPETENCY = "Compétence"
    COMPETENCY_TEXT = "Libellé de la compétence"
    ASSESSMENT = "Évaluation"
    ASSESSMENT_TITLE = "Intitulé de l'évaluation"
    ASSESSMENT_DESCRIPTION = "Description de l'évaluation"
    MODES = "Modes d'évaluation"
    ARRANGEMENTS = "Organisation du travail"
    CRITERION = "Critère"
    CRITERION_TEXT = "Libellé du critère"
    SKILL_TYPE = "Type de compétence"
    REUSE_LEVEL = "Portée de la compétence"
    ELEMENT = "Élément décrit"
    ACTIVITY_LINK = "Lien avec l'activité"
    ASSESSMENT_LINK = "Lien avec l'évaluation"
    SOURCE_NOTATION = "Code dans le document"
    SOURCE_PAGE = "Page du document"
    SOURCE_COLUMN = "Colonne du document"
    SOURCE_TEXT = "Texte du document"
    NOTE_FR = "Note (français)"
    NOTE_EN = "Note (anglais)"


@dataclass(frozen=True, slots=True)
class Help:
    """How to fill a column in. `width` is in characters."""

    text: str
    example: str = ""
    required: bool = False
    width: int = 14


COLUMNS: Final[dict[Field, Help]] = {
    Field.CERTIFICATION: Help("Identifiant choisi par vous, sans espace ; sur une ligne au moins.", "MON-TITRE-2026"),
    Field.TITLE: Help("Intitulé officiel de la certification.", "Expert en informatique", width=30),
    Field.NUMBER: Help("Numéro de la fiche au répertoire, quand il existe.", "RNCP12345"),
    Field.BLOCK: Help("Code du bloc de compétences.", "1", required=True, width=8),
    Field.BLOCK_TITLE: Help("Intitulé du bloc ; une fois suffit.", "Piloter un projet", width=30),
    Field.ACTIVITY: Help("Code de l'activité, ou plusieurs codes séparés par « | ».", "A1", required=True, width=10),
    Field.ACTIVITY_TITLE: Help("Intitulé de l'activité ; une fois suffit.", "Pilotage du projet", width=30),
    Field.TASK: Help("Code d'une tâche de l'activité (facultatif).", "T1", width=8),
    Field.TASK_TITLE: Help("Intitulé de la tâche.", "Planification", width=30),
    Field.COMPETENCY: Help("Code de la compétence, unique dans tout le référentiel.", "C1", required=True, width=12),
    Field.COMPETENCY_TEXT: Help("Texte de la compétence ; une fois suffit.", "Planifier les étapes du projet afin de…", True, 60),
    Field.ASSESSMENT: Help("Code de l'évaluation, ou plusieurs codes séparés par « | ».", "1", required=True, width=11),
    Field.ASSESSMENT_TITLE: Help("Intitulé de l'évaluation ; une fois suffit.", "Étude de cas", width=30),
    Field.ASSESSMENT_DESCRIPTION: Help("Déroulement de l'évaluation.", "À partir d'un cas d'entreprise, le candidat…", width=60),
    Field.MODES: Help("« écrit », « oral », « pratique », séparés par « | ».", "écrit | oral"),
    Field.ARRANGEMENTS: Help("« individuel », « en groupe », séparés par « | ».", "individuel"),
    Field.CRITERION: Help("Code du critère : celui de sa compétence, précédé de E.", "CE1.1", required=True, width=10),
    Field.CRITERION_TEXT: Help(
        "Texte du critère : ce qui montre que la compétence est acquise.", "Le planning est réaliste", True, 60
    ),
    Field.SKILL_TYPE: Help("« compétence » ou « connaissance » (facultatif).", "compétence"),
    Field.REUSE_LEVEL: Help(
        "« transversale », « intersectorielle », « sectorielle » ou « professionnelle » (facultatif).", "sectorielle"
    ),
    Field.ELEMENT: Help("Ce que décrivent les colonnes suivantes ; à défaut, l'élément le plus précis de la ligne."),
    Field.ACTIVITY_LINK: Help("« énoncé » (à défaut) ou « déduit : … » avec la règle."),
    Field.ASSESSMENT_LINK: Help("« énoncé » (à défaut) ou « déduit : … » avec la règle."),
    Field.SOURCE_NOTATION: Help("Code tel que le document d'origine l'écrit."),
    Field.SOURCE_PAGE: Help("Page du document d'origine, à partir de 1."),
    Field.SOURCE_COLUMN: Help("« activités », « compétences », « modalités » ou « critères »."),
    Field.SOURCE_TEXT: Help("Texte du document d'origine, tel quel ; une ligne de plus par extrait.", width=60),
    Field.NOTE_FR: Help("Remarque sur la source, en français.", width=30),
    Field.NOTE_EN: Help("Remarque sur la source, en anglais.", width=30),
}
"""Every column, in the order of the template. Those up to the criterion are a référentiel's own; the rest is optional."""

ELEMENTS: Final[dict[str, Field]] = {
    "critère": Field.CRITERION,
    "compétence": Field.COMPETENCY,
    "tâche": Field.TASK,
    "activité": Field.ACTIVITY,
    "évaluation": Field.ASSESSMENT,
    "bloc": Field.BLOCK,
    "certification": Field.CERTIFICATION,
}
"""What a row may describe, most precise first: word -> the column with its code."""

MODES: Final = {"écrit": Mode.WRITTEN, "oral": Mode.ORAL, "pratique": Mode.PRACTICAL}
ARRANGEMENTS: Final = {"individuel": Arrangement.INDIVIDUAL, "en groupe": Arrangement.GROUP}
SKILL_TYPES: Final = {"compétence": SkillType.SKILL, "connaissance": SkillType.KNOWLEDGE}
REUSE_LEVELS: Final = {
    "transversale": ReuseLevel.TRANSVERSAL,
    "intersectorielle": ReuseLevel.CROSS_SECTOR,
    "sectorielle": ReuseLevel.SECTOR_SPECIFIC,
    "professionnelle": ReuseLevel.OCCUPATION_SPECIFIC,
}
SOURCE_COLUMNS: Final = {
    "activités": Column.ACTIVITIES,
    "compétences": Column.COMPETENCIES,
    "modalités": Column.MODALITIES,
    "critères": Column.CRITERIA,
}
LINKS: Final[dict[str, Rule | None]] = {
    "énoncé": None,
    "déduit : même ligne": Rule.SAME_ROW,
    "déduit : ligne partagée": Rule.SHARED_ROW,
    "déduit : cellule continuée": Rule.CONTINUED_CELL,
    "déduit : évaluation du bloc": Rule.BLOCK_ASSESSMENT,
}

SEPARATOR: Final = "|"
"""Between the codes or words of a cell that holds several."""


def fold(text: str) -> str:
    """A word as it is compared: no accent, no case, one kind of apostrophe, white space folded.

    >>> fold("  Intitulé de l’Activité ")
    "intitule de l'activite"
    """
    letters = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().split())
