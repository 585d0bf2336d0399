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
    """A request that can't be answered; `detail` says what was expected and what was found."""

    kind: Kind
    detail: Text
    headers: Mapping[str, str] = field(default_factory=dict)


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
READ_ONLY: Final = Kind(
    "read-only",
    403,
    Text("Le service est en lecture seule", "The service is read-only"),
    Text(
        "Les mises à jour SPARQL ne sont pas acceptées pour le moment. Poser une question SELECT, ASK, CONSTRUCT ou DESCRIBE.",
        "SPARQL updates are not accepted for now. Ask a SELECT, ASK, CONSTRUCT or DESCRIBE query.",
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
        "Envoyer un POST de type application/x-www-form-urlencoded ou application/sparql-query, en UTF-8.",
        "Send a POST of type application/x-www-form-urlencoded or application/sparql-query, in UTF-8.",
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

KINDS: Final = {
    kind.slug: kind
    for kind in (
        BAD_REQUEST,
        MISSING_QUERY,
        REPEATED_QUERY,
        BAD_QUERY,
        READ_ONLY,
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
    )
}
"""Every kind, by the last segment of its address."""
