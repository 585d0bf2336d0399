"""The command `referentiel shapes`: what other rules would break, seen on all that the store holds before they are in force."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from referentiel import console
from referentiel.console import Refusal

if TYPE_CHECKING:
    from rdflib import Graph

    from referentiel.store import Engine, Statements
    from referentiel.validation.audit import Finding

_SHOWN: Final = 20
"""New violations that are told one by one."""


@click.command()
@click.argument("files", metavar="[FICHIER]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--activate", is_flag=True, help="Met ces règles en vigueur, si elles ne rendent rien invalide.")
@click.option("--force", is_flag=True, help="Les met en vigueur même si elles rendent des certifications invalides.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DOSSIER", help="Dossier du magasin de graphes.")
def shapes(files: tuple[Path, ...], store: Path | None, *, activate: bool, force: bool) -> None:
    """Essaie d'autres règles sur tout le magasin : celles du projet, ou des fichiers Turtle, avant de les mettre en vigueur.

    Rien n'est changé sans --activate. Sort avec 1 quand une certification conforme ne le serait plus.
    """
    from referentiel.access import LOCAL
    from referentiel.gate.opening import open_gate
    from referentiel.store.reading import statements
    from referentiel.vocabulary import SHAPES_GRAPH

    settings = console.load_settings(store)
    candidate = _candidate(files)
    proposed = statements(candidate)
    with console.open_engine(settings) as engine:
        gate = open_gate(engine, settings)
        held = engine.statements(SHAPES_GRAPH)
        for line in _differences(held, proposed):
            click.echo(line)
        if held == proposed:
            return
        broken = _newly_broken(engine, held, proposed)
        for line in _told(broken):
            click.echo(line)
        if activate and (force or not broken):
            gate.turn_on(proposed, identity=LOCAL, why="referentiel shapes")
            click.echo(f"En vigueur : {gate.rules.version}.")
        elif broken:
            sys.exit(1)


def _candidate(files: tuple[Path, ...]) -> Graph:
    """The rules to try. Raises Refusal when they can't be used."""
    from rdflib import BNode, Graph

    from referentiel import resources
    from referentiel.validation import InvalidShapes, read_rules

    if not files:
        return resources.shapes()
    graph = Graph(bind_namespaces="none")
    for file in files:
        try:
            graph.parse(data=console.read_file(file), format="turtle")
        except Exception as error:  # rdflib's parser raises errors of several kinds
            raise Refusal(f"{file} : attendu du Turtle valide ; trouvé : {' '.join(str(error).split())[:300]}") from error
    try:
        read_rules(graph)
    except InvalidShapes as error:
        raise Refusal(f"ces règles ne peuvent pas servir ({error}).") from error
    if any(isinstance(node, BNode) for node in graph.all_nodes()):
        raise Refusal("ces règles ne peuvent pas servir : un nœud anonyme s'y trouve, et le magasin n'en tient aucun.")
    return graph


def _differences(held: Statements, proposed: Statements) -> Iterator[str]:
    """Which rules come, go and change."""
    from referentiel.gate.rulebook import version_of

    before, after = _by_rule(held), _by_rule(proposed)
    yield f"En vigueur : {version_of(held)}, {len(before)} règles. Proposé : {version_of(proposed)}, {len(after)} règles."
    for word, codes in (
        ("Ajoutées", after.keys() - before.keys()),
        ("Retirées", before.keys() - after.keys()),
        ("Modifiées", {code for code in before.keys() & after.keys() if before[code] != after[code]}),
    ):
        if codes:
            yield f"  {word} : {', '.join(sorted(codes))}"


def _by_rule(shapes: Statements) -> dict[str, set[str]]:
    """What is said of each rule, and of the constraints that are named after it, by its code."""
    from referentiel.store.changes import predicate_of, subject_of
    from referentiel.vocabulary import REF

    codes = {subject_of(line): line.split('"')[1] for line in shapes if predicate_of(line) == str(REF.ruleCode)}
    found: dict[str, set[str]] = {code: set() for code in codes.values()}
    for line in shapes:
        rule = subject_of(line)
        while rule and rule not in codes:
            rule = rule.rpartition("-")[0]
        if rule:
            found[codes[rule]].add(line)
    return found


def _newly_broken(engine: Engine, held: Statements, proposed: Statements) -> list[Finding]:
    """The violations that there would be, and are not now."""
    from referentiel.store.survey import Survey
    from referentiel.validation import Severity
    from referentiel.validation.audit import audit

    with tempfile.TemporaryDirectory(dir=engine.folder, prefix="shapes-") as folder:
        engine.checkpoint(Path(folder) / "copy")
        survey = Survey(Path(folder) / "copy")
        now, then = (audit(survey, shapes="\n".join(sorted(rules)).encode(), sample=0) for rules in (held, proposed))
    known = {(each.certification, each.result.code, each.result.focus, each.result.value) for each in now.findings}
    return [
        each
        for each in then.findings
        if each.result.severity is Severity.VIOLATION
        and (each.certification, each.result.code, each.result.focus, each.result.value) not in known
    ]


def _told(broken: list[Finding]) -> Iterator[str]:
    """The new violations: counted by rule, then one by one."""
    if not broken:
        yield "Ces règles ne rendent invalide rien de ce qui est conforme aujourd'hui."
        return
    touched = {each.certification for each in broken}
    yield f"Ces règles trouveraient {len(broken)} violations de plus, dans {len(touched)} certifications :"
    for code, count in sorted(Counter(each.result.code for each in broken).items()):
        yield f"  {code} : {count}"
    for each in broken[:_SHOWN]:
        place = f"{each.certification or 'hors certification'}, {each.result.place.fr}"
        yield f"  {place} : {each.result.code}, {each.result.message.fr}"
    if len(broken) > _SHOWN:
        yield f"  … et {len(broken) - _SHOWN} autres."
