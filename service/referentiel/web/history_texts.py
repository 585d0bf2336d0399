"""The words of the pages about the history, in French and in English."""

from __future__ import annotations

from typing import Final

from referentiel.history import Kind
from referentiel.web.texts import Text

KINDS: Final = {
    Kind.INSTALL: Text("installation", "installation"),
    Kind.REPLACE: Text("enregistrement", "storage"),
    Kind.MERGE: Text("ajout", "addition"),
    Kind.PATCH: Text("modification", "change"),
    Kind.UPDATE: Text("mise à jour SPARQL", "SPARQL update"),
    Kind.WITHDRAW: Text("retrait", "withdrawal"),
    Kind.RESTORE: Text("restauration", "restoration"),
    Kind.LOAD: Text("chargement", "load"),
    Kind.SHAPES: Text("nouvelles règles", "new rules"),
}
"""What a write was asked to do."""

WORDS: Final[dict[str, Text]] = {
    "added": Text("ajouté", "added"),
    "added_statements": Text("triplets ajoutés", "statements added"),
    "after": Text("Après", "After"),
    "before": Text("Avant", "Before"),
    "author": Text("Auteur", "Author"),
    "certifications": Text("Certifications", "Certifications"),
    "changed": Text("modifié", "changed"),
    "changes": Text("Modifications du magasin", "Changes of the store"),
    "changes_intro": Text(
        "Chaque écriture acceptée est une révision numérotée. Un programme suit le flux depuis le début avec",
        "Each accepted write is a numbered revision. A program follows the feed from the start with",
    ),
    "changes_none": Text("Aucune révision.", "No revision."),
    "compare": Text("Comparer avec la précédente", "Compare with the former one"),
    "current": Text("Version actuelle", "Present version"),
    "details": Text("Extraits de la source et preuves de liens", "Source excerpts and link evidence"),
    "difference": Text("Ce qui a changé", "What changed"),
    "difference_hidden": Text(
        "lignes techniques (liens inverses, listes) ne sont pas montrées ; le patch les contient toutes.",
        "technical lines (inverse links, lists) are not shown; the patch has them all.",
    ),
    "difference_more": Text(
        "Trop d'éléments ont changé pour être tous montrés ; le patch les contient tous. Montrés :",
        "Too many elements have changed for all of them to be shown; the patch has them all. Shown:",
    ),
    "difference_none": Text("Rien n'a changé entre ces deux versions.", "Nothing changed between these two versions."),
    "feeds": Text("Flux", "Feeds"),
    "from_nothing": Text("rien", "nothing"),
    "history": Text("Historique", "History"),
    "history_intro": Text(
        "Chaque enregistrement accepté est une version, gardée pour toujours.",
        "Each accepted write is a version, kept for good.",
    ),
    "kind": Text("Opération", "Operation"),
    "machine": Text("Pour les programmes", "For programs"),
    "next": Text("Version suivante", "Next version"),
    "number": Text("Version", "Version"),
    "patch": Text("Patch RDF", "RDF patch"),
    "previous": Text("Version précédente", "Former version"),
    "property": Text("Propriété", "Property"),
    "reason": Text("Motif", "Reason"),
    "removed": Text("retiré", "removed"),
    "removed_statements": Text("triplets retirés", "statements removed"),
    "replaced_by": Text("Remplacée par", "Replaced by"),
    "revision": Text("Révision", "Revision"),
    "rules": Text("Règles", "Rules"),
    "to": Text("à", "to"),
    "version": Text("Version", "Version"),
    "version_banner": Text(
        "Vous lisez une version conservée, telle qu'elle était. Ce n'est peut-être plus l'état actuel.",
        "This is a version that was kept, as it stood. It may no longer be the present state.",
    ),
    "version_of": Text("du", "of"),
    "when": Text("Date (UTC)", "Date (UTC)"),
    "withdrawn": Text("Cette version retire la certification.", "This version withdraws the certification."),
}
"""Everything that the templates of the history say besides what all pages say."""


def words(language: str) -> dict[str, str]:
    """The words in `fr` or `en`."""
    return {key: text.in_(language) for key, text in WORDS.items()}
