"""Every way in which a request can fail, and how to mend it: problem details in two languages (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from referentiel.web.texts import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: the last segment of its address, its HTTP status, what it means and what to do."""

    slug: str
    status: int
    title: Text
    remedy: Text


@dataclass(eq=False)
class Problem(Exception):
    """A request that can't be answered; `detail` says what was expected and what was found.

    `more`: members of the problem document that are this kind's own (RFC 9457, section 3.2).
    """

    kind: Kind
    detail: Text
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def members(problem: Problem, language: str, type_address: str, instance: str) -> dict[str, Any]:
    """The members of the problem document: RFC 9457's, and `messages` with both languages."""
    return {
        "type": type_address,
        "title": problem.kind.title.in_(language),
        "status": problem.kind.status,
        "detail": problem.detail.in_(language),
        "instance": instance,
        "messages": {
            code: {
                "title": problem.kind.title.in_(code),
                "detail": problem.detail.in_(code),
                "remedy": problem.kind.remedy.in_(code),
            }
            for code in ("fr", "en")
        },
        **problem.more,
    }


def not_found(path: str) -> Problem:
    """404 for a path, shortened where it is very long."""
    shown = path if len(path) <= 200 else path[:200] + "…"
    return Problem(NOT_FOUND, Text(f"« {shown} » ne décrit rien ici.", f"“{shown}” describes nothing here."))


def not_acceptable(offered: Iterable[str]) -> Problem:
    """406, with the media types on offer."""
    names = ", ".join(offered)
    detail = Text(f"Formats offerts : {names}.", f"Formats on offer: {names}.")
    return Problem(NOT_ACCEPTABLE, detail, {"Vary": "Accept, Accept-Language"})


BAD_REQUEST: Final = Kind(
    "bad-request",
    400,
    Text("Requête mal formée", "Malformed request"),
    Text(
        "Corriger la requête : le détail dit ce qui n'a pas pu être lu.",
        "Mend the request: the detail says what could not be read.",
    ),
)
MISSING_QUERY: Final = Kind(
    "missing-query",
    400,
    Text("Il manque la question SPARQL", "The SPARQL query is missing"),
    Text(
        "Donner la question dans le paramètre « query », ou comme corps d'un POST de type application/sparql-query.",
        "Give the query in the parameter “query”, or as the body of a POST of type application/sparql-query.",
    ),
)
REPEATED_QUERY: Final = Kind(
    "repeated-query",
    400,
    Text("Plusieurs questions SPARQL à la fois", "Several SPARQL queries at once"),
    Text("Envoyer une requête HTTP par question.", "Send one HTTP request for each query."),
)
BAD_QUERY: Final = Kind(
    "bad-query",
    400,
    Text("La question SPARQL ne peut pas être comprise", "The SPARQL query can't be understood"),
    Text(
        "Corriger la question à la ligne et à la colonne indiquées. Les préfixes doivent être déclarés.",
        "Mend the query at the line and column given. Prefixes must be declared.",
    ),
)
NOT_FOUND: Final = Kind(
    "not-found",
    404,
    Text("Rien ne se trouve à cette adresse", "Nothing is found at this address"),
    Text(
        "Vérifier l'adresse, majuscules comprises. L'accueil mène à toutes les certifications tenues.",
        "Check the address, capitals included. The home page leads to all certifications held.",
    ),
)
METHOD_NOT_ALLOWED: Final = Kind(
    "method-not-allowed",
    405,
    Text("Cette méthode HTTP n'est pas admise ici", "This HTTP method is not allowed here"),
    Text("Employer l'une des méthodes que donne l'en-tête Allow.", "Use one of the methods that the header Allow gives."),
)
NOT_ACCEPTABLE: Final = Kind(
    "not-acceptable",
    406,
    Text("Aucun format offert ne convient", "No format on offer fits"),
    Text(
        "Demander dans l'en-tête Accept l'un des formats que donne le détail.",
        "Ask in the header Accept for one of the formats that the detail gives.",
    ),
)
TOO_LARGE: Final = Kind(
    "too-large",
    413,
    Text("Le corps de la requête est trop grand", "The body of the request is too large"),
    Text("Raccourcir la question : 128 Kio au plus.", "Shorten the query: 128 KiB at most."),
)
UNSUPPORTED_MEDIA_TYPE: Final = Kind(
    "unsupported-media-type",
    415,
    Text("Ce type de contenu n'est pas lu ici", "This content type is not read here"),
    Text(
        "Envoyer l'un des types que donne le détail, les textes en UTF-8.",
        "Send one of the types that the detail names, texts in UTF-8.",
    ),
)
TOO_MANY_REQUESTS: Final = Kind(
    "too-many-requests",
    429,
    Text("Trop de questions en peu de temps", "Too many queries in a short time"),
    Text(
        "Attendre le nombre de secondes que donne l'en-tête Retry-After, puis poser les questions moins vite.",
        "Wait for the number of seconds that the header Retry-After gives, then ask more slowly.",
    ),
)
ANSWER_TOO_LARGE: Final = Kind(
    "answer-too-large",
    413,
    Text("La réponse a trop de lignes", "The answer has too many rows"),
    Text(
        "Demander moins : ajouter un filtre, compter au lieu de lister, ou avancer par tranches avec ORDER BY, LIMIT et OFFSET.",
        "Ask for less: add a filter, count in place of listing, or go in slices with ORDER BY, LIMIT and OFFSET.",
    ),
)
SERVICE_REFUSED: Final = Kind(
    "service-refused",
    403,
    Text("Ce service n'en appelle pas d'autre", "This service does not call that one"),
    Text(
        "Retirer SERVICE de la question, ou n'appeler que les services que la description du point d'accès nomme.",
        "Take SERVICE out of the query, or call only the services that the description of this endpoint names.",
    ),
)
INVALID_PARAMETER: Final = Kind(
    "invalid-parameter",
    422,
    Text("Un paramètre manque ou a une valeur inconnue", "A parameter is missing or has an unknown value"),
    Text("Donner l'une des valeurs que le détail attend.", "Give one of the values that the detail expects."),
)
INTERNAL_ERROR: Final = Kind(
    "internal-error",
    500,
    Text("Le service a fait une faute", "The service made a mistake"),
    Text(
        "La requête n'est pas en cause. La faute est consignée ; réessayer, puis prévenir l'exploitant.",
        "The request is not to blame. The fault is logged; try again, then tell the operator.",
    ),
)
SERVICE_FAILED: Final = Kind(
    "service-failed",
    502,
    Text("Un service appelé n'a pas répondu comme attendu", "A service that was called did not answer as expected"),
    Text(
        "Réessayer plus tard, ou écrire SERVICE SILENT pour s'en passer.",
        "Try again later, or write SERVICE SILENT to do without it.",
    ),
)
OVERLOADED: Final = Kind(
    "overloaded",
    503,
    Text("Trop de questions attendent déjà", "Too many queries are waiting already"),
    Text(
        "Poser de nouveau la question après le nombre de secondes que donne l'en-tête Retry-After.",
        "Ask again after the number of seconds that the header Retry-After gives.",
    ),
)
QUERY_MEMORY: Final = Kind(
    "query-memory",
    503,
    Text("La question demande trop de mémoire", "The query needs too much memory"),
    Text(
        "Trier, grouper ou croiser moins de lignes : restreindre les motifs, filtrer plus tôt, retirer ORDER BY ou DISTINCT.",
        "Sort, group or join fewer rows: narrow the patterns, filter earlier, take out ORDER BY or DISTINCT.",
    ),
)
QUERY_TIMEOUT: Final = Kind(
    "query-timeout",
    504,
    Text("La question prend trop de temps", "The query takes too much time"),
    Text(
        "Restreindre la question : lier un bout des chemins, ajouter LIMIT, éviter de croiser des motifs sans variable commune.",
        "Narrow the query: bind one end of paths, add LIMIT, do not join patterns that share no variable.",
    ),
)
STORE_UNAVAILABLE: Final = Kind(
    "store-unavailable",
    503,
    Text("Les données ne sont pas accessibles", "The data can't be reached"),
    Text("Réessayer dans un instant.", "Try again in a moment."),
)

TOKEN_NEEDED: Final = Kind(
    "token-needed",
    401,
    Text("Écrire demande un jeton", "Writing needs a token"),
    Text(
        "Envoyer l'en-tête « Authorization: Bearer JETON ». L'exploitant fait un jeton par « referentiel token create ».",
        "Send the header “Authorization: Bearer TOKEN”. The operator makes a token with “referentiel token create”.",
    ),
)
INVALID_TOKEN: Final = Kind(
    "invalid-token",
    401,
    Text("Ce jeton n'est pas reconnu", "This token is not recognised"),
    Text(
        "Vérifier que le jeton est entier, qu'il n'est ni révoqué ni expiré ; sinon en demander un autre à l'exploitant.",
        "Check that the token is whole, neither revoked nor expired; else ask the operator for another.",
    ),
)
NOT_ALLOWED: Final = Kind(
    "not-allowed",
    403,
    Text("Ce jeton ne permet pas cela", "This token does not allow that"),
    Text(
        "Demander à l'exploitant un jeton qui couvre cette certification et cette opération.",
        "Ask the operator for a token that covers this certification and this operation.",
    ),
)
TOO_MANY_FAILURES: Final = Kind(
    "too-many-failures",
    429,
    Text("Trop de jetons refusés en peu de temps", "Too many tokens refused in a short time"),
    Text(
        "Attendre le nombre de secondes que donne l'en-tête Retry-After, puis vérifier le jeton.",
        "Wait for the number of seconds that the header Retry-After gives, then check the token.",
    ),
)
FOREIGN_FORM: Final = Kind(
    "foreign-form",
    403,
    Text("Ce formulaire ne vient pas d'une page de ce service", "This form does not come from a page of this service"),
    Text(
        "Ouvrir la page à l'adresse du service, et envoyer le formulaire de là. Les programmes emploient un jeton, sans cookie.",
        "Open the page at the address of the service, and send the form from there. Programs use a token, without a cookie.",
    ),
)
PROTECTED_GRAPH: Final = Kind(
    "protected-graph",
    403,
    Text("Ce graphe ne s'écrit pas directement", "This graph is not written directly"),
    Text(
        "L'ontologie, les règles, le catalogue et l'historique sont tenus par le service lui-même. Écrire dans un autre graphe.",
        "The ontology, the rules, the catalogue and the history are kept by the service itself. Write to another graph.",
    ),
)
BAD_DATA: Final = Kind(
    "bad-data",
    400,
    Text("Les données envoyées ne peuvent pas être lues", "The data sent can't be read"),
    Text(
        "Corriger les données à la ligne et à la colonne indiquées, ou vérifier que Content-Type dit leur format.",
        "Mend the data at the line and column given, or check that Content-Type names their format.",
    ),
)
BAD_UPDATE: Final = Kind(
    "bad-update",
    400,
    Text("La mise à jour SPARQL ne peut pas être comprise", "The SPARQL update can't be understood"),
    Text(
        "Corriger la mise à jour à la ligne et à la colonne indiquées. Les préfixes doivent être déclarés.",
        "Mend the update at the line and column given. Prefixes must be declared.",
    ),
)
UNREADABLE_TABLE: Final = Kind(
    "unreadable-table",
    422,
    Text("Le tableau ne peut pas être lu", "The table can't be read"),
    Text(
        "Corriger chaque défaut de la liste « faults », puis renvoyer le tableau entier. Rien n'a été écrit.",
        "Mend each fault of the list “faults”, then send the whole table again. Nothing was written.",
    ),
)
UNFIT_DATA: Final = Kind(
    "unfit-data",
    422,
    Text("Ces données n'ont pas leur place dans ce graphe", "These data have no place in this graph"),
    Text(
        "Le graphe d'une certification décrit cette certification et ce qui se trouve sous son adresse, sans nœud anonyme.",
        "The graph of a certification describes that certification and what lies below its address, without blank nodes.",
    ),
)
RULES_BROKEN: Final = Kind(
    "rules-broken",
    422,
    Text("Le référentiel enfreint des règles : il n'a pas été enregistré", "The framework breaks rules: it was not stored"),
    Text(
        "Corriger chaque résultat de gravité « violation » de la liste « results », puis renvoyer. Rien n'a été écrit.",
        "Mend each result of severity “violation” of the list “results”, then send again. Nothing was written.",
    ),
)
INVALID_SHAPES: Final = Kind(
    "invalid-shapes",
    422,
    Text("Les règles envoyées ne peuvent pas servir", "The shapes sent can't be used"),
    Text("Corriger la forme que nomme le détail (SHACL).", "Mend the shape that the detail names (SHACL)."),
)
PRECONDITION_FAILED: Final = Kind(
    "precondition-failed",
    412,
    Text("Quelqu'un d'autre a écrit entre-temps", "Somebody else has written in the meantime"),
    Text(
        "Lire l'état actuel et son ETag, y refaire la modification, puis la renvoyer avec le nouvel If-Match.",
        "Read the present state and its ETag, make the change anew, then send it with the new If-Match.",
    ),
)
CONFLICT: Final = Kind(
    "conflict",
    409,
    Text("La demande contredit ce que tient le magasin", "The request contradicts what the store holds"),
    Text("Le détail dit ce qui s'y trouve déjà.", "The detail says what is there already."),
)
GONE: Final = Kind(
    "gone",
    410,
    Text("Ceci a été retiré", "This has been withdrawn"),
    Text(
        "Suivre les liens « replaced_by » et « last_version » : ce qui le remplace, et le dernier état connu.",
        "Follow the links “replaced_by” and “last_version”: what replaces it, and its last known state.",
    ),
)
NO_SUCH_VERSION: Final = Kind(
    "no-such-version",
    404,
    Text("Cette version n'existe pas", "There is no such version"),
    Text("L'historique de la certification énumère ses versions.", "The history of the certification lists its versions."),
)
BODY_TOO_LARGE: Final = Kind(
    "body-too-large",
    413,
    Text("Ce qui est envoyé est trop grand", "What is sent is too large"),
    Text("Envoyer moins à la fois ; le détail dit combien.", "Send less at once; the detail says how much."),
)
VALIDATION_LIMIT: Final = Kind(
    "validation-limit",
    422,
    Text("Le contrôle de ces données passe une limite", "Validating these data passes a limit"),
    Text(
        "Envoyer moins à la fois, ou des règles plus simples. Rien n'a été écrit.",
        "Send less at once, or simpler shapes. Nothing was written.",
    ),
)
STORAGE_FULL: Final = Kind(
    "storage-full",
    507,
    Text("Le magasin ne peut plus rien enregistrer", "The store can't keep anything more"),
    Text(
        "La requête n'est pas en cause et rien n'a été écrit : prévenir l'exploitant, puis renvoyer la même requête.",
        "The request is not to blame and nothing was written: tell the operator, then send the same request again.",
    ),
)

KINDS: Final = {
    kind.slug: kind
    for kind in (
        BAD_REQUEST,
        MISSING_QUERY,
        REPEATED_QUERY,
        BAD_QUERY,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        INVALID_PARAMETER,
        TOO_MANY_REQUESTS,
        ANSWER_TOO_LARGE,
        SERVICE_REFUSED,
        INTERNAL_ERROR,
        SERVICE_FAILED,
        OVERLOADED,
        QUERY_MEMORY,
        QUERY_TIMEOUT,
        STORE_UNAVAILABLE,
        TOKEN_NEEDED,
        INVALID_TOKEN,
        NOT_ALLOWED,
        TOO_MANY_FAILURES,
        FOREIGN_FORM,
        PROTECTED_GRAPH,
        BAD_DATA,
        BAD_UPDATE,
        UNREADABLE_TABLE,
        UNFIT_DATA,
        RULES_BROKEN,
        INVALID_SHAPES,
        PRECONDITION_FAILED,
        CONFLICT,
        GONE,
        NO_SUCH_VERSION,
        BODY_TOO_LARGE,
        VALIDATION_LIMIT,
        STORAGE_FULL,
    )
}
"""Every kind, by the last segment of its address."""
