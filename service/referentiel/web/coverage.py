"""What links are for, as pages: occupations found by words, the certifications nearest to one, what one covers of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import FastAPI, Query
from rdflib import Literal, URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel import library
from referentiel.library import BadValue, LibraryQuestion
from referentiel.store import Engine
from referentiel.vocabulary import DCT, ESCO, REF, SKOS, TEXT_INDEX
from referentiel.web import lookups, problems
from referentiel.web.coverage_rows import mentioned, needs, rows_of
from referentiel.web.coverage_texts import words as texts
from referentiel.web.documentation import LIMITS
from referentiel.web.formats import TABLES
from referentiel.web.graphs import refusal
from referentiel.web.library import Answer, unfit
from referentiel.web.negotiation import HTML
from referentiel.web.pages import Pages, View
from referentiel.web.problems import Problem
from referentiel.web.properties import Names
from referentiel.web.questions import Question
from referentiel.web.texts import Text

HITS: Final = 2000
"""Texts that a search looks among, those of other concepts than occupations included."""
SHOWN: Final = 50
"""Occupations, or certifications, that a page shows."""
WORDS_READ: Final = 16

_WORD: Final = re.compile(r"[^\W_]+")
_COMMAND: Final = "referentiel import ESCO_fr.zip ESCO_en.zip --version 1.1.1"
_IMPORT: Final = Text(f"Pour importer ESCO : {_COMMAND}.", f"To import ESCO: {_COMMAND}.")
_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A page; the formats of a table, where Accept names one.",
        "content": {offer.media_type: {} for offer in (HTML, *TABLES)},
    },
    **refusal(404, "The store holds no such occupation or certification."),
    **refusal(422, "A parameter is missing or unfit."),
    **{int(status): described for status, described in LIMITS.items()},
}

Words = Annotated[
    str, Query(description="Words of the title of an occupation; their beginning is enough.", max_length=library.TEXT_LIMIT)
]
Occupation = Annotated[str, Query(description="The IRI of an occupation, of ESCO or of ROME.", max_length=library.IRI_LIMIT)]
Certification = Annotated[str, Query(description="The identifier of a certification.", max_length=library.TEXT_LIMIT)]


def coverage_routes(app: FastAPI, store: Engine, pages: Pages, questions: Sequence[LibraryQuestion], answer: Answer) -> None:
    """Declare `/occupations` and `/occupations/coverage`."""
    shown = _Coverage(store, pages, {question.name: question for question in questions}, answer)

    @app.get("/occupations", response_class=Response, responses=_PAGE)
    def occupations(request: Request, words: Words = "") -> Response:
        """Occupations of ESCO and ROME, found by the words of their titles."""
        return shown.search(request, words)

    @app.get("/occupations/coverage", response_class=Response, responses=_PAGE)
    def coverage(request: Request, occupation: Occupation = "", certification: Certification = "") -> Response:
        """The certifications nearest to an occupation; with a certification, what it covers of it and what is missing."""
        return shown.coverage(request, occupation, certification)


@dataclass(frozen=True)
class _Coverage:
    store: Engine
    pages: Pages
    questions: Mapping[str, LibraryQuestion]
    answer: Answer
    kinds: Mapping[str, str] = field(init=False)
    """What an occupation is of -> the word for it."""

    def __post_init__(self) -> None:
        rome = f"{self.pages.addresses.settings.base}vocabulary/rome"
        kinds = {str(ESCO.Occupation): "esco", f"{rome}/fiche": "fiche", f"{rome}/appellation": "appellation"}
        object.__setattr__(self, "kinds", kinds)

    def search(self, request: Request, words: str) -> Response:
        """The page of the search; without a word, its form alone."""
        wanted = " ".join(f"{word}*" if len(word) > 2 else word for word in _WORD.findall(words.lower())[:WORDS_READ])
        show = partial(self._found, request, words)
        if not wanted:
            return Response(show(), 200, {"Vary": "Accept-Language"}, HTML.media_type)
        return self.answer(request, Question(self._search_text(), bindings=(("words", Literal(wanted)),)), show)

    def coverage(self, request: Request, occupation: str, certification: str) -> Response:
        """The nearest certifications, or what one covers. Raises Problem (404, 422)."""
        values = {name: value for name, value in (("occupation", occupation), ("certification", certification)) if value}
        values["language"] = self.pages.view(request).language
        question = self.questions["occupation-coverage" if certification else "nearest-certifications"]
        try:
            bound = question.bindings(values)
        except BadValue as error:
            raise unfit(error) from error
        iri = str(bound["occupation"])
        if not self._described(iri):
            raise _unknown(
                f"le métier {iri}", f"the occupation {iri}", Text(f"Importer d'abord : {_COMMAND}", f"First: {_COMMAND}")
            )
        show = partial(self._nearest, request, iri)
        if certification:
            held = self._certification(bound["certification"])
            show = partial(self._covered, request, iri, certification, held)
        return self.answer(request, Question(question.text, bindings=tuple(sorted(bound.items()))), show)

    def _search_text(self) -> str:
        parts = ", ".join(URIRef(part).n3() for part, kind in self.kinds.items() if kind != "esco")
        return (
            f"SELECT ?words ?occupation ?kind ?score {{ (?occupation ?score ?text) {TEXT_INDEX.query.n3()}"
            f" ({SKOS.prefLabel.n3()} {SKOS.altLabel.n3()} {SKOS.hiddenLabel.n3()} ?words {HITS}) ."
            f" {{ ?occupation a ?kind FILTER(?kind = {ESCO.Occupation.n3()}) }}"
            f" UNION {{ ?occupation {SKOS.inScheme.n3()} ?kind FILTER(?kind IN ({parts})) }} }} ORDER BY DESC(?score) ?occupation"
        )

    def _described(self, occupation: str) -> bool:
        text = f"SELECT ?o {{ ?o a {SKOS.Concept.n3()} }} LIMIT 1"
        return bool(self.store.query(text, bindings={"o": URIRef(occupation)}).rows())

    def _certification(self, code: URIRef | Literal) -> str:
        """The IRI of a certification by its identifier. Raises Problem (404)."""
        text = f"SELECT ?code ?c {{ ?c {DCT.identifier.n3()} ?code ; a {REF.Certification.n3()} }}"
        for _, iri in self.store.query(text, bindings={"code": code}).rows():
            return str(iri)
        raise _unknown(f"la certification {code}", f"the certification {code}", Text("", ""))

    def _has_occupations(self) -> bool:
        return bool(self.store.query(f"SELECT ?o {{ ?o a {ESCO.Occupation.n3()} }} LIMIT 1").rows())

    def _found(self, request: Request, words: str, *, results: bytes = b"", problem: Problem | None = None, **_: Any) -> bytes:
        view = self.pages.view(request)
        kinds: dict[str, str] = {}
        for row in rows_of(json.loads(results)) if results else []:
            kinds.setdefault(row["occupation"], row["kind"])
        iris = list(kinds)[:SHOWN]
        names = self._names(view, iris)
        return self._render(
            view,
            "occupations.html",
            words=words,
            problem=problem,
            asked=bool(results),
            empty=not kinds and not self._has_occupations(),
            command=_COMMAND,
            more=len(kinds) > SHOWN,
            found=[(names.value(iri), _address(view, occupation=iri), self.kinds[kinds[iri]]) for iri in iris],
        )

    def _nearest(
        self,
        request: Request,
        occupation: str,
        *,
        results: bytes = b"",
        more: bool = False,
        problem: Problem | None = None,
        **_: Any,
    ) -> bytes:
        view = self.pages.view(request)
        rows = rows_of(json.loads(results)) if results else []
        return self._render(
            view,
            "occupation.html",
            occupation=self._names(view, [occupation]).value(occupation),
            iri=occupation,
            problem=problem,
            rows=[(row, _address(view, occupation=occupation, certification=row["certification"])) for row in rows[:SHOWN]],
            more=more or len(rows) > SHOWN,
            csv=_csv(view, "nearest-certifications", occupation=occupation),
        )

    def _covered(
        self,
        request: Request,
        occupation: str,
        code: str,
        certification: str,
        *,
        results: bytes = b"",
        more: bool = False,
        problem: Problem | None = None,
        **_: Any,
    ) -> bytes:
        view = self.pages.view(request)
        rows = rows_of(json.loads(results)) if results else []
        names = self._names(view, {occupation, certification} | mentioned(rows))
        asked = {"occupation": occupation, "certification": code, "language": view.language}
        return self._render(
            view,
            "coverage.html",
            occupation=names.value(occupation),
            near=_address(view, occupation=occupation),
            certification=names.value(certification),
            code=code,
            problem=problem,
            needs=needs(rows, names, view.of),
            linked=any("linked" in row for row in rows),
            more=more,
            csv=_csv(view, "occupation-coverage", **asked),
            gap=_csv(view, "skills-gap", **asked),
        )

    def _names(self, view: View, iris: set[str] | list[str]) -> Names:
        return Names(lookups.labels(self.store, iris, view.language), view.language, view.of, view.described)

    def _render(self, view: View, template: str, **values: Any) -> bytes:
        return self.pages.render(view, template, w=texts(view.language), **values)


def _address(view: View, **values: str) -> str:
    """The address of a page about an occupation."""
    return view.href("/occupations/coverage") + ("&" if view.chosen else "?") + urlencode(values)


def _csv(view: View, question: str, **values: str) -> str:
    return f"{view.addresses.path(f'/queries/{question}.csv')}?{urlencode(values)}"


def _unknown(fr: str, en: str, remedy: Text) -> Problem:
    return Problem(
        problems.NOT_FOUND,
        Text(f"Le magasin ne tient pas {fr}. {remedy.fr}".strip(), f"The store does not hold {en}. {remedy.en}".strip()),
    )
