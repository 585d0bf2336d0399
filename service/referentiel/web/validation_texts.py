"""The words of the page where a référentiel is tried, and of what comes of it."""

from __future__ import annotations

from typing import Final

from referentiel.web.texts import Text

WORDS: Final[dict[str, Text]] = {
    "title": Text("Contrôler un référentiel", "Check a framework"),
    "intro": Text(
        "Déposez votre référentiel : le tableau officiel, ou notre modèle rempli. Vous saurez en quelques secondes ce qui manque, "
        "où, et comment le corriger. Rien n'est enregistré ni gardé ; il ne faut ni compte ni jeton.",
        "Send your framework: the official table, or our template filled in. In a few seconds you will know what is missing, "
        "where, and how to mend it. Nothing is stored or kept; no account or token is needed.",
    ),
    "file": Text("Fichier", "File"),
    "file_help": Text(
        "Tableau .xlsx, .docx, .csv, .html ou .txt, ou données RDF (.ttl, .jsonld, .rdf, .nt). {} Mio au plus.",
        "A table as .xlsx, .docx, .csv, .html or .txt, or RDF (.ttl, .jsonld, .rdf, .nt). {} MiB at most.",
    ),
    "text": Text("Ou collez le texte ici", "Or paste the text here"),
    "text_help": Text(
        "Des cellules copiées d'un tableur avec leur ligne d'en-tête, ou du RDF.",
        "Cells copied from a spreadsheet with their header row, or RDF.",
    ),
    "certification_title": Text("Intitulé de la certification", "Title of the certification"),
    "title_help": Text("Facultatif : pour un tableau qui ne le donne pas.", "Optional: for a table that does not give it."),
    "number": Text("Numéro d'enregistrement", "Register number"),
    "number_help": Text("Facultatif, par exemple RNCP37827.", "Optional, for instance RNCP37827."),
    "for_specialists": Text("Pour les spécialistes : contrôler avec d'autres règles", "For specialists: check with other rules"),
    "shapes": Text("Règles SHACL", "SHACL shapes"),
    "shapes_help": Text(
        "Un fichier RDF. Sans lui, ce sont les règles de ce service qui s'appliquent.",
        "A file of RDF. Without it, the rules of this service apply.",
    ),
    "colon": Text("\u00a0: ", ": "),
    "check": Text("Contrôler", "Check"),
    "rules": Text("Les règles de ce service", "The rules of this service"),
    "same_by_machine": Text(
        "La même chose par programme : POST du fichier à cette adresse, rapport en JSON, Turtle, JSON-LD, RDF/XML ou N-Triples.",
        "The same by program: POST the file to this address, report as JSON, Turtle, JSON-LD, RDF/XML or N-Triples.",
    ),
    "result": Text("Résultat du contrôle", "Result of the check"),
    "conforms": Text(
        "Le référentiel est conforme : aucune obligation n'est enfreinte.", "The framework conforms: no obligation is broken."
    ),
    "conforms_not": Text(
        "Le référentiel n'est pas conforme : il serait refusé tel quel.",
        "The framework does not conform: as it is, it would be refused.",
    ),
    "shapes_conform": Text("Les données sont conformes aux règles envoyées.", "The data conform to the shapes sent."),
    "shapes_conform_not": Text(
        "Les données ne sont pas conformes aux règles envoyées.", "The data do not conform to the shapes sent."
    ),
    "no_certification": Text(
        "Ces données ne décrivent aucune certification : presque aucune règle ne s'y applique.",
        "These data describe no certification: hardly any rule applies to them.",
    ),
    "alone": Text(
        "Le document est contrôlé seul. À l'enregistrement, on vérifie aussi qu'aucune autre certification ne porte son numéro.",
        "The document is checked by itself. When it is stored, it is also checked that no other certification bears its number.",
    ),
    "read": Text("Ce qui a été lu", "What was read"),
    "certifications": Text("Certifications", "Certifications"),
    "blocks": Text("Blocs", "Blocks"),
    "activities": Text("Activités", "Activities"),
    "tasks": Text("Tâches", "Tasks"),
    "competencies": Text("Compétences", "Competencies"),
    "criteria": Text("Critères", "Criteria"),
    "assessments": Text("Évaluations", "Assessments"),
    "violation": Text("À corriger : obligations", "To mend: obligations"),
    "warning": Text("À améliorer : recommandations", "To improve: recommendations"),
    "info": Text("À savoir : fautes de la source, gardées visibles", "To know: faults of the source, kept visible"),
    "found": Text("Trouvé", "Found"),
    "more": Text("et {} autres", "and {} more"),
    "violation_count": Text("Obligations enfreintes", "Obligations broken"),
    "warning_count": Text("recommandations non suivies", "recommendations not followed"),
    "info_count": Text("fautes de la source signalées", "faults of the source told"),
    "law": Text("Source de la règle", "Source of the rule"),
    "faults": Text("Défauts du fichier", "Faults of the file"),
    "unread_intro": Text(
        "Chaque ligne ci-dessous dit où se trouve un défaut, ce qui était attendu, ce qui s'y trouve, et comment le corriger. "
        "Corrigez-les tous, puis envoyez de nouveau le fichier entier.",
        "Each line below says where a fault is, what was expected, what stands there, and how to mend it (in French). "
        "Mend them all, then send the whole file again.",
    ),
    "row": Text("Ligne", "Row"),
    "column": Text("Colonne", "Column"),
    "expected": Text("Attendu", "Expected"),
    "remedy": Text("Pour corriger", "How to mend"),
    "focus": Text("Élément", "Element"),
    "path": Text("Propriété", "Property"),
    "value": Text("Valeur", "Value"),
    "severity": Text("Gravité", "Severity"),
    "message": Text("Message", "Message"),
    "again": Text("Contrôler un autre fichier", "Check another file"),
}


def words(language: str) -> dict[str, str]:
    """The words in `fr` or `en`."""
    return {name: text.in_(language) for name, text in WORDS.items()}
