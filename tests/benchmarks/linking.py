"""How good and how quick the candidates are: `make bench-linking`. The data is in ../shared/data: the project doesn't ship it.

What is counted: the rank of the first right concept among all of the corpus, a concept having the rank of its best label (of
equal scores the first in the corpus comes first); its inverse, and whether it is among the first ten, on average over all queries.

MELO: French titles of ROME to occupations and groups of ESCO, the concept being what its labels are mapped to. Belgian: labels of
competencies to skills of ESCO 1.1.1; `exact` over the queries that have an exact match, `any` over all, a concept of any relation
being right; a query whose concept that version lacks is not found. A digest parts the queries in halves: nothing was tuned on
`test`. The dictionary is learned from all labels of ESCO, whatever the task.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import math
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from referentiel import resources
from referentiel.linking.analysis import Expand, Query
from referentiel.linking.clauses import clauses
from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.finder import SCORERS, Cut, Finder, indices, whole
from referentiel.linking.scorers import Scoring
from referentiel.linking.shelf import Shelf
from referentiel.linking.thesaurus import Thesaurus

SHARED = resources.HOME.parent / "shared" / "data"
PUBLISHED = {"MELO": "lexical .804, large embeddings .84 to .87 (MRR)", "Belgian": "starting point: exact .509 and .641, any .411"}
DEPTH = 100
"""Concepts that are looked at; the inverse of a rank beyond is taken for nothing."""

ROUNDS = 3

Gold = Mapping[str, Mapping[str, frozenset[str]]]
"""Query -> name of the task -> the concepts that are right."""


@dataclass(frozen=True)
class Task:
    """Queries by identifier, the concepts to choose from, and what is right."""

    name: str
    queries: Mapping[str, str]
    concepts: Sequence[Concept]
    gold: Gold
    others: Sequence[Concept]
    """What the dictionary is learned from, too."""


def rows(archive: Path, member: str, delimiter: str = ",") -> Iterator[list[str]]:
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    with zipfile.ZipFile(archive) as opened, opened.open(member) as file:
        yield from csv.reader(io.TextIOWrapper(file, "utf-8", newline=""), delimiter=delimiter, quoting=quoting)


def labels(table: str, language: str) -> dict[str, tuple[str, ...]]:
    """The labels of a table of ESCO, the preferred one first."""
    archive = SHARED / "esco" / f"ESCO_dataset_v1.1.1_{language}_csv.zip"
    header, *lines = rows(archive, f"{table}_{language}.csv")
    columns = [header.index(name) for name in ("preferredLabel", "altLabels", "hiddenLabels") if name in header]
    return {
        line[header.index("conceptUri")]: tuple(
            dict.fromkeys(label.strip() for at in columns for label in line[at].split("\n") if label.strip())
        )
        for line in lines
    }


def esco(table: str, kind: Kind) -> list[Concept]:
    english = labels(table, "en")
    return [Concept(iri, names, kind, "esco", english.get(iri, ())) for iri, names in labels(table, "fr").items()]


def skills() -> list[Concept]:
    return esco("skills", Kind.SKILL)


def melo() -> Task:
    archive = SHARED / "linking" / "melo_fra_q_fr_c_fr.zip"
    concept_of = dict(rows(archive, "concept_mapping.tsv", "\t"))
    names: dict[str, list[str]] = {}
    for key, label in rows(archive, "corpus_elements.tsv", "\t"):
        names.setdefault(concept_of[key], []).append(label)
    english = labels("occupations", "en")
    right: dict[str, set[str]] = {}
    for query, _, key, _ in rows(archive, "annotations.tsv", "\t"):
        right.setdefault(query, set()).add(concept_of[key])
    concepts = [Concept(iri, tuple(all_), Kind.OCCUPATION, "esco", english.get(iri, ())) for iri, all_ in names.items()]
    queries = dict(rows(archive, "queries.tsv", "\t"))
    return Task("MELO", queries, concepts, {query: {"title": frozenset(iris)} for query, iris in right.items()}, skills())


def belgian() -> Task:
    queries: dict[str, str] = {}
    right: dict[str, dict[str, set[str]]] = {}
    with (SHARED / "linking" / "be_competent_fr_to_esco_skills_dev.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            queries[row["query_id"]] = row["query_fr"]
            tasks = right.setdefault(row["query_id"], {})
            for task in ("any", "exact") if row["relation"] == "exact" else ("any",):
                tasks.setdefault(task, set()).add(row["esco_uri"])
    gold = {query: {task: frozenset(iris) for task, iris in tasks.items()} for query, tasks in right.items()}
    return Task("Belgian", queries, skills(), gold, esco("occupations", Kind.OCCUPATION))


def half(query: str) -> str:
    return "tune" if hashlib.sha256(f"half:{query}".encode()).digest()[0] % 2 == 0 else "test"


def ranks(task: Task, shelf: Shelf, cut: Cut, expand: Expand | None) -> dict[str, dict[str, float]]:
    """For each query and task the rank of the first right concept; infinite beyond DEPTH."""
    found: dict[str, dict[str, float]] = {}
    for query, text in task.queries.items():
        best = shelf.ranked([(clause, Query.of(clause.text, expand)) for clause in cut(text)], DEPTH)
        for name, iris in task.gold[query].items():
            places = (place for place, fit in enumerate(best, start=1) if task.concepts[fit.number].iri in iris)
            found.setdefault(query, {})[name] = next(places, math.inf)
    return found


def line(found: Mapping[str, Mapping[str, float]]) -> str:
    parts = []
    for name in sorted({name for each in found.values() for name in each}):
        for part in ("tune", "test", "all"):
            these = [each[name] for query, each in found.items() if name in each and part in (half(query), "all")]
            mrr = statistics.fmean(1 / rank for rank in these)
            parts.append(f"{name}/{part} {mrr:.3f} {statistics.fmean(rank <= 10 for rank in these):.3f}")
    return "   ".join(parts)


def quality(task: Task, thesaurus: Thesaurus) -> None:
    print(
        f"\n{task.name}: {len(task.queries)} queries, {len(task.concepts)} concepts; MRR, hit@10. Published: {PUBLISHED[task.name]}"
    )
    index = indices([*task.concepts, *task.others])[task.concepts[0].kind]
    none: list[tuple[str, Sequence[Scoring], Cut, Expand | None]] = [
        (scoring(index).name, [scoring], whole, None) for scoring in SCORERS
    ]
    for name, scorers, cut, expand in (
        *none,
        ("without translated", SCORERS[:2], whole, None),
        ("fused", SCORERS, whole, None),
        ("fused, clauses", SCORERS, clauses, None),
        ("fused, thesaurus", SCORERS, whole, thesaurus.expand),
        ("fused, clauses, thesaurus", SCORERS, clauses, thesaurus.expand),
    ):
        print(f"{name:<26} {line(ranks(task, Shelf(index, scorers), cut, expand))}", flush=True)


def rome() -> list[Concept]:
    """Savoir-faire and savoirs of ROME 4."""
    with zipfile.ZipFile(SHARED / "rome" / "rome4_savoirs_savoir-faire_json.zip") as archive:
        found = [each for name in ("allSkills", "allKnowledges") for each in json.loads(archive.read(f"ROME__{name}.json"))]
    return [Concept(each["id"], (each["prefLabel"][0]["value"],), Kind.SKILL, "rome") for each in found]


def long_texts(count: int) -> list[str]:
    """Competencies of 30 to 50 words, from certifications of former years."""
    blocks = json.loads((SHARED / "france-competences" / "blocs_anciens_texte_brut.json").read_text(encoding="utf-8"))
    texts = [" ".join(line.split()) for block in blocks for line in block["liste_competences"].split("\n")]
    return [text for text in texts if 30 <= len(text.split()) <= 50][:count]


def speed(thesaurus: Thesaurus) -> None:
    """CPU time of this process, for each text the least of ROUNDS: what else the machine does must not count."""
    concepts = skills() + rome()
    with tempfile.TemporaryDirectory() as folder:
        for name, these in (("ESCO", skills()), ("ESCO and ROME", concepts)):
            first, again = (timed(partial(Finder, these, cache=Path(folder))) for _ in range(2))
            print(f"index of {len(these)} skills of {name}: made in {first:.2f} s, loaded in {again:.2f} s")
    for name, texts in (("long texts", long_texts(500)), ("Belgian labels", list(belgian().queries.values())[:1000])):
        for way, cut, expand in (("as they stand", whole, None), ("clauses and thesaurus", clauses, thesaurus.expand)):
            find = Finder(concepts, expand=expand, cut=cut).candidates
            times = [1000 * min(timed(partial(find, text)) for _ in range(ROUNDS)) for text in texts]
            median, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            words = statistics.fmean(len(text.split()) for text in texts)
            took = f"median {median:.2f} ms, mean {statistics.fmean(times):.2f}, 95 % {late:.2f}"
            print(f"{len(texts)} {name} of {words:.0f} words, {way}: {took}")


def timed(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["melo", "belgian", "speed", []], help="some of the tables only")
    chosen = parser.parse_args().what or ["melo", "belgian", "speed"]
    shipped = Thesaurus.load(resources.files("data/thesaurus", "fr.tsv")[0])
    if "melo" in chosen:
        quality(melo(), shipped)
    if "belgian" in chosen:
        quality(belgian(), shipped)
    if "speed" in chosen:
        speed(shipped)
