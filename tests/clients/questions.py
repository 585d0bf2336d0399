"""What the clients ask, and what is true of the référentiel that the project ships, as its source document has it."""

from __future__ import annotations

from collections.abc import Collection

from rdflib import Graph, Literal

from referentiel.vocabulary import REF, SKOS

PREFIXES = f"PREFIX ref: <{REF}> PREFIX skos: <{SKOS}>\n"
SELECT = (
    PREFIXES
    + """SELECT ?code ?criterion WHERE {
  ?competency a ref:Competency ; skos:notation "C5" ; ref:hasCriterion ?c .
  ?c skos:notation ?code ; skos:prefLabel ?criterion
} ORDER BY ?code"""
)
YES = PREFIXES + 'ASK { ?competency a ref:Competency ; skos:notation "C21" }'
NO = PREFIXES + 'ASK { ?competency a ref:Competency ; skos:notation "C22" }'
CONSTRUCT = PREFIXES + "CONSTRUCT { ?c skos:notation ?code } WHERE { ?c a ref:Competency ; skos:notation ?code }"
DESCRIBE = PREFIXES + 'DESCRIBE ?competency WHERE { ?competency a ref:Competency ; skos:notation "C5" }'

CRITERIA = {
    "CE5.1": (
        "La rédaction du cahier des charges répond aux exigences formelles, sa présentation orale est claire et convaincante"
    ),
    "CE5.2": (
        "Les moyens techniques et fonctionnels nécessaires (matériels exploités, ressources logicielles, ressources humaines)"
        " sont définis"
    ),
    "CE5.3": (
        "La planification générale du projet est viable, elle est cohérente avec les délais, le budget et les contraintes"
        " de l'organisation"
    ),
}
"""The criteria of competency C5, which SELECT asks for: quotes, commas and accents that a format may spoil."""

CODES = {f"C{number}" for number in range(1, 22)}
"""The codes of the 21 competencies, which CONSTRUCT asks for."""


def codes(graph: Graph) -> Collection[str]:
    """The codes that a constructed graph gives, one for each triple."""
    return [str(code) for _, predicate, code in graph if predicate == SKOS.notation and isinstance(code, Literal)]
