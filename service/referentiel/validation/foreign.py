"""Runs a sender's shapes over a sender's data, as pySHACL does."""

from __future__ import annotations

import rdflib
from pyshacl import validate
from rdflib import Graph, Literal

from referentiel.validation.messages import ForeignReport
from referentiel.validation.rules import InvalidShapes
from referentiel.vocabulary import OWL, RDF, SH

_BRIEF = 500


def judge_foreign(data: bytes, shapes: bytes) -> ForeignReport:
    """The report of `shapes` over `data`, both N-Triples.

    Raises InvalidShapes for shapes that can't be used: a failure (SHACL, 3.4.1).

    Only one who can be killed may call this: shapes can ask for more time than anybody has.
    """
    rdflib.NORMALIZE_LITERALS = False  # what is written is what is judged
    try:
        graphs = [Graph(bind_namespaces="none").parse(data=text, format="nt") for text in (data, shapes)]
        _import_prefixes(graphs[1])
        _, report, text = validate(graphs[0], shacl_graph=graphs[1], inference="none", advanced=False)
    except MemoryError:
        raise
    except Exception as error:  # pySHACL, rdflib and the parsers below them each raise their own for shapes that make no sense
        raise InvalidShapes(f"{type(error).__name__}: {' '.join(str(error).split())[:_BRIEF]}") from error
    finally:
        rdflib.NORMALIZE_LITERALS = True
    if not isinstance(report, Graph):
        raise InvalidShapes(" ".join(str(text).split())[:_BRIEF])
    conforms = next(iter(report.objects(report.value(None, RDF.type, SH.ValidationReport), SH.conforms)), None)
    return ForeignReport(conforms == Literal(True), report.serialize(format="nt", encoding="utf-8"))


def _import_prefixes(shapes: Graph) -> None:
    """Give what sh:prefixes names the declarations of what it imports too (SHACL, 5.2.1): pySHACL does not follow owl:imports."""
    for ontology in set(shapes.objects(None, SH.prefixes)):
        for imported in set(shapes.transitive_objects(ontology, OWL.imports)):
            for declaration in set(shapes.objects(imported, SH.declare)):
                shapes.add((ontology, SH.declare, declaration))
