"""Occupations for a certification: what its fiches of ROME lead to by the national crosswalk, then what its title is like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from referentiel.linking.candidate import Candidate
from referentiel.linking.concepts import Kind
from referentiel.linking.finder import Finder
from referentiel.linking.stored import Source
from referentiel.vocabulary import SKOS

CROSSWALK: Final = "crosswalk"
"""What says so, as the name of a scorer in `Candidate.parts`."""

DEPTH: Final = 200
"""Occupations like the title that are looked at."""

_CREDIT: Final = {
    str(SKOS.exactMatch): 1.0,
    str(SKOS.closeMatch): 0.9,
    str(SKOS.narrowMatch): 0.7,
    str(SKOS.broadMatch): 0.6,
    str(SKOS.relatedMatch): 0.5,
}
"""What one title of a fiche that leads to an occupation counts; 1 for all titles that do so exactly."""

_TITLES: Final = """
    SELECT DISTINCT ?title ?predicate ?occupation {{
      VALUES ?fiche {{ {fiches} }}
      GRAPH <{rome}> {{ ?title <{broader}> ?fiche }}
      GRAPH <{crosswalk}> {{ ?title ?predicate ?occupation }}
    }}"""


def crosswalk(source: Source, base: str, codes: Collection[str]) -> dict[str, float]:
    """The occupations that fiches of ROME, by code (`M1805`), lead to: the fiches themselves 1, those of ESCO by how many of the
    fiches' titles lead there, and how exactly. Nothing for a code that ROME lacks.
    """
    rome = f"{base}vocabulary/rome"
    fiches = " ".join(f"<{rome}/fiche/{code}>" for code in sorted(set(codes)))
    query = _TITLES.format(fiches=fiches, rome=rome, broader=SKOS.broader, crosswalk=f"{base}mapping-set/esco-rome")
    best: dict[tuple[str, str], float] = {}
    for title, predicate, occupation in source.query(query).rows() if fiches else ():
        if title and predicate and occupation:
            best[title, occupation] = max(best.get((title, occupation), 0.0), _CREDIT.get(predicate, 0.0))
    leading: defaultdict[str, float] = defaultdict(float)
    for (_, occupation), credit in best.items():
        leading[occupation] += credit
    most = max(leading.values(), default=1.0)
    found = {occupation: credit / most for occupation, credit in leading.items() if credit}
    return found | dict.fromkeys((f"{rome}/fiche/{code}" for code in codes), 1.0)


def candidates(
    finder: Finder, title: str, leading: Mapping[str, float], k: int = 10, schemes: Sequence[str] | None = None
) -> list[Candidate]:
    """The best occupations for a certification: the mean of what `crosswalk` says and of how its title is like theirs."""
    by_title = {each.concept.iri: each for each in finder.candidates(title, DEPTH, Kind.OCCUPATION, schemes)}
    unlike = [concept for iri in leading if iri not in by_title and (concept := finder.concept(iri))]
    found = list(by_title.values())
    found += [Candidate(concept, 0.0, concept.label) for concept in unlike if schemes is None or concept.scheme in schemes]
    weighed = [_weighed(each, leading.get(each.concept.iri, 0.0)) for each in found]
    return sorted(weighed, key=lambda each: (-each.score, each.concept.iri))[:k]


def _weighed(candidate: Candidate, lead: float) -> Candidate:
    score = round((candidate.score + lead) / 2, 4)
    return replace(candidate, score=score, parts={**candidate.parts, CROSSWALK: round(lead, 4)})
