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
        "Corriger la question à la ligne et à la colonne indiquées. Les préfixes doivent être déclarés ; SERVICE est refusé.",
        "Mend the query at the line and column given. Prefixes must be declared; SERVICE is refused.",
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
INVALID_PARAMETER: Final = Kind(
    "invalid-parameter",
    422,
    Text("Un paramètre a une valeur inconnue", "A parameter has an unknown value"),
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
        INTERNAL_ERROR,
        STORE_UNAVAILABLE,
    )
}
"""Every kind, by the last segment of its address."""
