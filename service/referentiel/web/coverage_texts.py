"""The words of the pages about occupations and what certifications cover of them."""

from __future__ import annotations

from typing import Final

from referentiel.web.texts import Text

WORDS: Final[dict[str, Text]] = {
    "occupations": Text("Métiers", "Occupations"),
    "occupations_intro": Text(
        "Quelles certifications couvrent ce qu'un métier demande, et que manque-t-il ? Chercher un métier d'ESCO ou du ROME par "
        "quelques mots.",
        "Which certifications cover what an occupation requires, and what is missing? Look for an occupation of ESCO or ROME by a "
        "few words.",
    ),
    "words": Text("Mots de l'intitulé", "Words of the title"),
    "words_help": Text("Le début des mots suffit\u00a0: « méca cycl ».", "The beginning of the words is enough: “méca cycl”."),
    "look": Text("Chercher", "Look"),
    "none_found": Text("Aucun métier ne porte ces mots.", "No occupation bears these words."),
    "found": Text("Métiers trouvés", "Occupations found"),
    "found_more": Text("Seuls les premiers sont montrés : ajouter un mot.", "Only the first are shown: add a word."),
    "no_vocabulary": Text(
        "Le magasin ne tient pas encore de vocabulaire du marché du travail. Les fichiers d'ESCO, et si l'on veut ceux du ROME et "
        "de la table nationale de correspondance, s'importent ainsi, serveur arrêté :",
        "The store holds no job-market vocabulary yet. The files of ESCO, and if wanted those of ROME and of the national "
        "crosswalk, are imported thus, while the server is stopped:",
    ),
    "esco": Text("métier d'ESCO", "ESCO occupation"),
    "fiche": Text("fiche du ROME", "ROME fiche"),
    "appellation": Text("appellation du ROME", "ROME job title"),
    "nearest": Text("Certifications les plus proches", "Nearest certifications"),
    "nearest_intro": Text(
        "Combien de compétences essentielles du métier chacune couvre, les plus proches d'abord.",
        "How many of the essential skills of the occupation each covers, the nearest first.",
    ),
    "nearest_more": Text("Seules les premières sont montrées ; le CSV les a toutes.", "Only the first are shown; the CSV has all."),
    "no_nearest": Text(
        "Aucune compétence d'une certification n'est encore liée à ce que ce métier demande. Les liens se décident ici :",
        "No competency of a certification is linked yet to what this occupation requires. Links are decided here:",
    ),
    "review": Text("Relecture des liens", "Review of links"),
    "certification_code": Text("Identifiant d'une certification", "Identifier of a certification"),
    "compare": Text("Voir ce qu'elle couvre", "See what it covers"),
    "coverage_of": Text("Couverture du métier", "Coverage of the occupation"),
    "by": Text("par la certification", "by the certification"),
    "rule": Text(
        "Couverte : une compétence y correspond (exactement, de près, ou plus largement). En partie : une compétence n'en est "
        "qu'une part, lui est associée, ou correspond à une compétence plus précise. Chaque lien a été décidé par une personne.",
        "Covered: a competency matches it (exactly, closely, or is wider). Partly: a competency is only a part of it, is related "
        "to it, or matches a narrower skill. Each link was decided by a person.",
    ),
    "essential": Text("Compétences essentielles", "Essential skills"),
    "optional": Text("Compétences facultatives", "Optional skills"),
    "covered": Text("Couvertes", "Covered"),
    "partly": Text("En partie", "Partly"),
    "missing": Text("Manquantes", "Missing"),
    "share": Text("Part couverte", "Share covered"),
    "through": Text("par", "through"),
    "decision": Text("décision", "decision"),
    "no_skill": Text(
        "Le magasin ne dit pas ce que ce métier demande : pour un métier du ROME, il faut la table nationale de correspondance.",
        "The store does not say what this occupation requires: for an occupation of ROME, the national crosswalk is needed.",
    ),
    "no_link": Text(
        "Aucune compétence de cette certification n'est liée à ce que ce métier demande. Décider de ses liens :",
        "No competency of this certification is linked to what this occupation requires. Decide its links:",
    ),
    "cut": Text("La liste est coupée ; le CSV est entier.", "The list is cut; the CSV is whole."),
    "all_csv": Text("Tout, en CSV", "All of it, as CSV"),
    "gap_csv": Text("Ce qui manque, en CSV", "What is missing, as CSV"),
    "links": Text("Liens au marché du travail", "Links to the job market"),
    "links_none": Text("Aucun lien n'est encore accepté.", "No link is accepted yet."),
    "links_of_occupations": Text("Métiers visés", "Occupations aimed at"),
    "links_csv": Text("Les liens et leurs décisions, en CSV", "The links and their decisions, as CSV"),
    "links_count": Text("Liens acceptés", "Links accepted"),
    "occupation_search": Text("Chercher un métier", "Look for an occupation"),
}


def words(language: str) -> dict[str, str]:
    """All of them in one language."""
    return {key: text.in_(language) for key, text in WORDS.items()}
