"""The words of the pages where links are reviewed, and of the one where reviewers sign in."""

from __future__ import annotations

from typing import Final

from referentiel.web.texts import Text

WORDS: Final[dict[str, Text]] = {
    "review": Text("Relecture des liens", "Review of links"),
    "intro": Text(
        "Une machine propose, des personnes décident : ce que chaque compétence a de commun avec ESCO et ROME, et les métiers "
        "auxquels mène chaque certification. Seul ce qui est accepté devient un lien ; chaque décision est gardée et signée.",
        "A machine proposes, people decide: what each competency has in common with ESCO and ROME, and the occupations that each "
        "certification leads to. Only what is accepted becomes a link; each decision is kept, and signed.",
    ),
    # sessions
    "session": Text("Session de relecture", "Review session"),
    "session_intro": Text(
        "Lire est ouvert à tous ; décider demande un jeton qui permet l'opération « graphs » (referentiel token create). "
        "Il est gardé par le service le temps de la session, huit heures au plus, et n'est écrit dans aucune page.",
        "Reading is open to all; deciding needs a token that allows the operation “graphs” (referentiel token create). "
        "The service keeps it for the session, eight hours at most, and writes it into no page.",
    ),
    "token": Text("Jeton", "Token"),
    "token_help": Text("À coller ; il commence par « ref_ ».", "Paste it; it begins with “ref_”."),
    "orcid": Text("ORCID", "ORCID"),
    "orcid_help": Text(
        "Facultatif, par exemple 0000-0002-1825-0097 : il signera vos décisions. Sans lui, c'est le nom du jeton.",
        "Optional, for instance 0000-0002-1825-0097: it will sign your decisions. Without, the name of the token does.",
    ),
    "sign_in": Text("Ouvrir la session", "Sign in"),
    "sign_out": Text("Fermer la session", "Sign out"),
    "signed_in_as": Text("Session ouverte au nom de", "Signed in as"),
    "signs_with": Text("Vos décisions sont signées", "Your decisions are signed"),
    "go_on": Text("Continuer la relecture", "Go on reviewing"),
    "sign_in_to_decide": Text("Ouvrir une session pour décider", "Sign in to decide"),
    # overview and queue
    "begun": Text("Relectures en cours", "Reviews under way"),
    "others": Text("Certifications sans relecture", "Certifications without a review"),
    "none_held": Text("Aucune certification n'est tenue.", "No certification is held."),
    "no_vocabulary": Text(
        "Ni ESCO ni ROME ne sont dans le magasin : rien ne peut être proposé. « referentiel import » les y range.",
        "Neither ESCO nor ROME is in the store: nothing can be proposed. “referentiel import” puts them there.",
    ),
    "progress": Text("Avancement", "Progress"),
    "answered_by_you": Text("traités par vous", "answered by you"),
    "answered_by_all": Text("traités", "answered"),
    "continue": Text("Continuer", "Continue"),
    "begin": Text("Commencer", "Begin"),
    "all_done": Text("Tout est traité.", "Everything is answered."),
    "disagreements": Text("Désaccords", "Disagreements"),
    "queue": Text("Ce qui est à relier", "What is to be linked"),
    "code": Text("Code", "Code"),
    "what": Text("Intitulé", "Label"),
    "state": Text("État", "State"),
    "links": Text("Liens acceptés", "Accepted links"),
    "occupations": Text("Métiers", "Occupations"),
    "todo": Text("à faire", "to do"),
    "decided": Text("décidé", "decided"),
    "confirmed": Text("confirmé", "confirmed"),
    "no-match": Text("aucune correspondance", "no match"),
    "disputed": Text("désaccord", "disagreement"),
    "accepted": Text("accepté", "accepted"),
    "rejected": Text("rejeté", "rejected"),
    # one subject
    "block": Text("Bloc", "Block"),
    "criteria": Text("Critères d'évaluation", "Assessment criteria"),
    "clause": Text("dans", "in"),
    "proposals": Text("Propositions", "Proposals"),
    "found_for": Text("Trouvé dans les vocabulaires pour", "Found in the vocabularies for"),
    "back_to_proposals": Text("Revenir aux propositions", "Back to the proposals"),
    "no_proposal": Text("Rien n'est proposé.", "Nothing is proposed."),
    "nothing_found": Text("Rien n'est trouvé : essayer d'autres mots.", "Nothing is found: try other words."),
    "score": Text("Score", "Score"),
    "matched": Text("mots trouvés", "matched words"),
    "found_as": Text("trouvé par", "found by"),
    "concepts": Text("Les concepts à leur adresse", "The concepts at their address"),
    "you": Text("vous", "you"),
    "said": Text("Déjà dit", "Already said"),
    "said_nothing": Text("rien dans", "nothing in"),
    "verdict": Text("Votre décision", "Your decision"),
    "comment": Text("Remarque (facultatif)", "Remark (optional)"),
    "no_match_group": Text("Rien ne correspond", "Nothing matches"),
    "none": Text("Rien nulle part", "Nothing anywhere"),
    "none_in": Text("Rien dans", "Nothing in"),
    "then_next": Text("Passer à la suivante après chaque décision", "Go to the next one after each decision"),
    "undo": Text("Annuler ma dernière décision", "Undo my last decision"),
    "next": Text("Suivante à faire", "Next to do"),
    "previous": Text("Précédente", "Previous"),
    "following": Text("Suivante", "Following"),
    "move": Text("Aller à", "Go to"),
    "search": Text("Chercher dans les vocabulaires", "Search the vocabularies"),
    "search_button": Text("Chercher", "Search"),
    # keys
    "shortcuts": Text("Raccourcis d'une touche", "Single-key shortcuts"),
    "keys_on": Text("Employer les raccourcis d'une touche", "Use single-key shortcuts"),
    "key_number": Text("choisir une proposition (ou flèches haut et bas)", "choose a proposal (or arrows up and down)"),
    "key_none": Text("rien ne correspond", "nothing matches"),
    "key_search": Text("chercher ; Échap en sort", "search; Escape leaves it"),
    "key_undo": Text("annuler la dernière décision", "undo the last decision"),
    "key_next": Text("suivante à faire", "next to do"),
    "key_previous": Text("précédente", "previous"),
    # waiting
    "waiting": Text("L'index des vocabulaires se construit", "The index of the vocabularies is being built"),
    "waiting_why": Text(
        "Cela prend quelques secondes, une fois après un démarrage ou un import. Cette page se recharge d'elle-même.",
        "That takes a few seconds, once after a start or an import. This page reloads by itself.",
    ),
    "not_built": Text("L'index des vocabulaires n'a pas pu être construit", "The index of the vocabularies could not be built"),
    "not_built_why": Text(
        "Le journal du service dit pourquoi : prévenir l'exploitant. Un nouvel essai est fait toutes les trente secondes.",
        "The log of the service says why: tell the operator. It is tried again every thirty seconds.",
    ),
    "try_again": Text("Réessayer", "Try again"),
}

VERDICTS: Final[dict[str, tuple[str, Text, Text]]] = {
    "exact": ("e", Text("Exacte", "Exact"), Text("dit la même chose", "says the same")),
    "close": ("c", Text("Proche", "Close"), Text("dit presque la même chose", "says almost the same")),
    "broad": ("b", Text("Plus large", "Broader"), Text("le concept est plus large", "the concept is the broader")),
    "narrow": ("n", Text("Plus étroite", "Narrower"), Text("le concept est plus étroit", "the concept is the narrower")),
    "related": ("r", Text("Associée", "Related"), Text("a un rapport", "is related")),
    "reject": ("x", Text("Rejeter", "Reject"), Text("ne correspond pas", "does not match")),
}
"""What may be said of a concept: its key, its name, what it means."""

OCCUPATION_VERDICTS: Final[dict[str, tuple[str, Text, Text]]] = {
    "related": (
        "r",
        Text("Mène à ce métier", "Leads to this occupation"),
        Text("la certification y prépare", "it prepares for it"),
    ),
    "reject": VERDICTS["reject"],
}
"""What may be said of an occupation for a certification, which is no occupation itself."""


def words(language: str) -> dict[str, str]:
    """The words in `fr` or `en`."""
    return {name: text.in_(language) for name, text in WORDS.items()}
