"""The pages: what each template is given. Nothing is inline, nothing comes from elsewhere, nothing needs JavaScript."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from rdflib import Graph, Namespace, URIRef
from starlette.requests import Request

from referentiel.graph import from_graph
from referentiel.iris import Minter
from referentiel.model import Arrangement, Mode, Rule, natural_key
from referentiel.store import Engine
from referentiel.vocabulary import ASSESSMENT_MODE, INFERENCE_RULE, PREFIXES, RDF, REF, ROOT, SKOS, WORK_ARRANGEMENT
from referentiel.web import lookups, official_table
from referentiel.web.addresses import Addresses
from referentiel.web.certification_links import links_of
from referentiel.web.coverage_texts import words
from referentiel.web.lookups import Description, Label
from referentiel.web.negotiation import HTML, Offer, choose, language
from referentiel.web.problems import KINDS, Problem
from referentiel.web.properties import Names, Value, mentioned, properties
from referentiel.web.texts import TEXTS, Text

_CELL: Final = 2000
"""Characters of a text that a cell shows."""
ROWS_SHOWN: Final = 1000
"""How many rows of an answer a page shows."""

_JSON: Final = Offer("json", "application/problem+json", aliases=("application/json",))

_COUNTED: Final = {
    str(REF.SkillBlock): "counted_blocks",
    str(REF.Activity): "counted_activities",
    str(REF.Task): "counted_tasks",
    str(REF.Competency): "counted_competencies",
    str(REF.Assessment): "counted_assessments",
    str(REF.AssessmentCriterion): "counted_criteria",
}
_SCHEMES: Final[tuple[tuple[type[Enum], Namespace], ...]] = (
    (Rule, INFERENCE_RULE),
    (Mode, ASSESSMENT_MODE),
    (Arrangement, WORK_ARRANGEMENT),
)

EXAMPLES: Final = (
    (
        Text("Les compétences et le nombre de leurs critères", "The competencies and the number of their criteria"),
        f"""PREFIX ref: <{PREFIXES["ref"]}>
PREFIX skos: <{PREFIXES["skos"]}>

SELECT ?code ?competence (COUNT(?critere) AS ?criteres) WHERE {{
  ?c a ref:Competency ; skos:notation ?code ; skos:prefLabel ?competence ; ref:hasCriterion ?critere .
}}
GROUP BY ?code ?competence
ORDER BY DESC(?criteres) ?code""",
    ),
    (
        Text("Ce qui est déduit, et par quelle règle", "What is inferred, and by which rule"),
        f"""PREFIX ref: <{PREFIXES["ref"]}>
PREFIX skos: <{PREFIXES["skos"]}>

SELECT ?regle (COUNT(?preuve) AS ?liens) WHERE {{
  ?preuve ref:inferenceRule/skos:prefLabel ?regle .
  FILTER(LANG(?regle) = "fr")
}}
GROUP BY ?regle
ORDER BY DESC(?liens)""",
    ),
    (
        Text("Les textes qui parlent d'évaluation, les meilleurs d'abord", "The texts about evaluation, the best first"),
        f"""PREFIX text: <{PREFIXES["text"]}>

SELECT ?element ?texte ?score WHERE {{
  (?element ?score ?texte) text:query ("évaluation*" 20) .
}}
ORDER BY DESC(?score)""",
    ),
    (
        Text("Les défauts de la source, gardés visibles", "The faults of the source, kept visible"),
        f"""PREFIX skos: <{PREFIXES["skos"]}>

SELECT ?element ?note WHERE {{
  ?element skos:editorialNote ?note .
  FILTER(LANG(?note) = "fr")
}}
ORDER BY ?element""",
    ),
    (
        Text("Un bloc et ses épreuves, comme un graphe", "A block and its examinations, as a graph"),
        f"""PREFIX ref: <{PREFIXES["ref"]}>
PREFIX skos: <{PREFIXES["skos"]}>

CONSTRUCT {{ ?bloc skos:prefLabel ?nom ; ref:hasAssessment ?epreuve . ?epreuve skos:prefLabel ?titre }}
WHERE {{ ?bloc skos:notation "1" ; skos:prefLabel ?nom ; ref:hasAssessment ?epreuve . ?epreuve skos:prefLabel ?titre }}""",
    ),
)
"""Questions that the forms propose."""


@dataclass(frozen=True, slots=True)
class View:
    """Who looks: the language of the page, whether the address chose it, and the address."""

    addresses: Addresses
    request: Request

    @property
    def chosen(self) -> str | None:
        """The language that `?lang=` asks for."""
        wanted = self.request.query_params.get("lang")
        return wanted if wanted in {"fr", "en"} else None

    @property
    def language(self) -> str:
        """The language of the page: the one asked for, else the one that the client prefers."""
        return self.chosen or language(self.request.headers.get("accept-language"))

    def t(self, key: str) -> str:
        """A word of the pages."""
        return TEXTS[key].in_(self.language)

    def href(self, local: str) -> str:
        """A link to a path of this service that keeps the language that was asked for."""
        return self.keep(self.addresses.path(local))

    def of(self, iri: str) -> str | None:
        """A link to the page of an IRI of ours."""
        path = self.addresses.of(iri)
        return None if path is None else self.keep(path)

    def described(self, iri: str) -> str:
        """A link to the page of an IRI that the store describes, of ours or of others."""
        return self.of(iri) or self.keep(self.addresses.foreign(iri))

    def ask(self, query: str) -> str:
        """A link to the answer to a question."""
        return self.keep(self.addresses.path("/sparql") + "?" + urlencode({"query": query}, quote_via=quote))

    def switched(self) -> str:
        """The same page in the other language."""
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        return "?" + urlencode([*kept, ("lang", "fr" if self.language == "en" else "en")])

    def keep(self, link: str) -> str:
        """A link that keeps the language that was asked for."""
        if self.chosen is None:
            return link
        address, hash_sign, fragment = link.partition("#")
        return address + ("&" if "?" in address else "?") + f"lang={self.chosen}" + hash_sign + fragment


class Pages:
    """Every HTML page of the service."""

    def __init__(self, store: Engine, addresses: Addresses) -> None:
        self._store = store
        self.addresses = addresses
        self._templates = Environment(
            loader=PackageLoader("referentiel.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def view(self, request: Request) -> View:
        """How a request wants its page."""
        return View(self.addresses, request)

    @staticmethod
    def wanted(request: Request) -> bool:
        """Whether a request prefers a page to a machine's format."""
        choice = choose(request.headers.get("accept"), (_JSON, HTML))
        return choice is not None and choice.offer is HTML

    def home(self, request: Request) -> bytes:
        """What this is, and what it holds."""
        view = self.view(request)
        held = lookups.certifications(self._store)
        names = self._names(view, held)
        shown = [(names.labels.get(iri, Label()), view.of(iri), lookups.counts(self._store, iri)) for iri in held]
        schemes, alignments = (self._documents(folder) for folder in ("scheme", "alignment"))
        return self.render(
            view,
            "home.html",
            certifications=shown,
            counted=_COUNTED,
            names=self._names(view, [*schemes, *alignments]),
            schemes=schemes,
            alignments=alignments,
            example=EXAMPLES[0],
        )

    def resource(self, request: Request, description: Description, formats: Mapping[str, Offer]) -> bytes:
        """A certification as its official table, anything else as a table of its properties; a graph as what it describes."""
        view = self.view(request)
        graph = description.graph()
        if (description.iri, RDF.type, REF.Certification) in graph:
            accepted = links_of(self._store, description.iri, partial(self._names, view))
            return self.certification(view, description, graph, formats, links=accepted, w=words(view.language))
        if (description.iri, None, None) not in graph:
            return self.vocabulary(request, description, formats)
        marks = lookups.inferred(self._store, description.iri)
        line = lookups.ancestors(self._store, description)
        links = lookups.incoming(self._store, description.iri)
        used = mentioned(graph, [description.iri]) | {rule for rule in marks.values() if rule}
        names = self._names(view, used | set(line) | {iri for link in links for iri in link})
        kinds = [names.value(str(cls)) for cls in graph.objects(description.iri, RDF.type) if cls != SKOS.Concept]
        return self.render(
            view,
            "resource.html",
            iri=description.iri,
            formats=formats,
            own=names.value(str(description.iri)),
            kinds=kinds,
            line=[names.value(iri) for iri in line],
            rows=properties(graph, description.iri, names, marks),
            incoming=[(names.value(subject), names.value(predicate)) for subject, predicate in links[: lookups.INCOMING_SHOWN]],
            more=len(links) > lookups.INCOMING_SHOWN,
            marked=bool(marks),
        )

    def certification(
        self,
        view: View,
        description: Description,
        graph: Graph,
        formats: Mapping[str, Offer],
        template: str = "certification.html",
        **more: Any,
    ) -> bytes:
        """The table of a certification; `more` is what a template that extends that page needs."""
        record = from_graph(graph, description.iri)
        mint = Minter(description.iri.rpartition("certification/")[2], self.addresses.settings.base)
        return self.render(
            view,
            template,
            iri=description.iri,
            formats=formats,
            certification=record,
            tables=[(block, official_table.rows(block, record.assessments)) for block in record.blocks],
            mint=mint,
            frameworks={kind: view.of(mint.framework(kind)) for kind in ("activity", "competency", "assessment")},
            terms=self._terms(view),
            **more,
        )

    def vocabulary(self, request: Request, description: Description, formats: Mapping[str, Offer]) -> bytes:
        """A graph as a document of terms: each under the anchor that its IRI names."""
        view = self.view(request)
        graph = description.graph()
        names = self._names(view, mentioned(graph))
        subjects = [subject for subject in set(graph.subjects()) if isinstance(subject, URIRef) and subject != description.iri]
        own = f"{description.iri}#"
        terms = [(subject.removeprefix(own) if subject.startswith(own) else None, subject) for subject in subjects]
        terms.sort(key=lambda term: (term[0] is None, natural_key(term[0] or term[1])))
        return self.render(
            view,
            "vocabulary.html",
            iri=description.iri,
            formats=formats,
            own=names.value(str(description.iri)),
            about=properties(graph, description.iri, names, {}),
            terms=[(anchor, str(iri), names.value(str(iri)), properties(graph, iri, names, {})) for anchor, iri in terms],
        )

    def sparql(
        self,
        request: Request,
        *,
        query: str = "",
        results: bytes = b"",
        triples: bytes = b"",
        more: bool = False,
        problem: Problem | None = None,
    ) -> bytes:
        """The form, with the first rows of an answer or the reason why there is none. `more`: there are others."""
        view = self.view(request)
        answer = as_table(json.loads(results or triples), view) if results or triples else None
        suffixes = ("json", "xml", "csv", "tsv") if results else ("ttl", "jsonld", "rdf", "nt")
        graphs = [item for item in request.query_params.multi_items() if item[0] in {"default-graph-uri", "named-graph-uri"}]
        return self.render(
            view,
            "sparql.html",
            query=query or EXAMPLES[0][1],
            examples=EXAMPLES,
            answer=answer,
            problem=problem,
            downloads={suffix: "?" + urlencode([("query", query), *graphs, ("format", suffix)]) for suffix in suffixes},
            more=more,
        )

    def problem(self, request: Request, problem: Problem) -> bytes:
        """A problem, as a page."""
        return self.render(self.view(request), "problem.html", problem=problem, kind=problem.kind)

    def problem_kind(self, request: Request, slug: str) -> bytes:
        """What a kind of problem means. Raises KeyError."""
        return self.render(self.view(request), "problem.html", problem=None, kind=KINDS[slug])

    def problem_kinds(self, request: Request) -> bytes:
        """All kinds of problems."""
        return self.render(self.view(request), "problems.html", kinds=list(KINDS.values()))

    def documentation(self, request: Request, openapi: Mapping[str, Any]) -> bytes:
        """The interface of the service, from its OpenAPI description."""
        return self.render(self.view(request), "docs.html", openapi=openapi)

    def _documents(self, folder: str) -> list[str]:
        return [str(name) for name in self._store.graph_names() if str(name).startswith(f"{ROOT}{folder}/")]

    def _terms(self, view: View) -> dict[Enum, str]:
        """The names of the values that a certification's records hold."""
        iris = {value: str(namespace[value.value]) for kind, namespace in _SCHEMES for value in kind}
        names = self._names(view, list(iris.values()))
        return {value: names.text(iri) for value, iri in iris.items()}

    def _names(self, view: View, iris: set[str] | list[str]) -> Names:
        return Names(lookups.labels(self._store, iris, view.language), view.language, view.of, view.described)

    def render(self, view: View, template: str, **values: Any) -> bytes:
        """A template as the page for who looks."""
        return self._templates.get_template(template).render(view=view, t=view.t, **values).encode()


@dataclass(frozen=True, slots=True)
class _Table:
    """An answer as a table."""

    columns: list[str]
    rows: list[list[Value | None]]
    truth: bool | None = None


def as_table(results: Mapping[str, Any], view: View) -> _Table:
    """SPARQL 1.1 Query Results JSON Format, as a table."""
    if "boolean" in results:
        return _Table([], [], results["boolean"])
    columns = list(results["head"]["vars"])
    bindings = results["results"]["bindings"]
    rows = [[_cell(row.get(column), view) for column in columns] for row in bindings]
    return _Table(columns, rows)


def _cell(term: Mapping[str, Any] | None, view: View) -> Value | None:
    if term is None:
        return None
    if term["type"] == "triple":
        return Value(json.dumps(term["value"], ensure_ascii=False))
    href = view.of(term["value"]) if term["type"] == "uri" else None
    text = term["value"] if len(term["value"]) <= _CELL else term["value"][:_CELL] + "…"
    return Value(text, language=term.get("xml:lang"), href=href)
