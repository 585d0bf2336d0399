"""`referentiel import` of a job-market vocabulary: from files into its graph, through the gate, as one revision or not at all."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from referentiel import console
from referentiel.console import Refusal
from referentiel.settings import Settings
from referentiel.vocabulary import RDF, SKOS

if TYPE_CHECKING:
    from rdflib import URIRef

    from referentiel.gate import Accepted, Gate
    from referentiel.store import Statements
    from referentiel.vocabularies import Difference, Opened

_SHOWN: Final = 5
"""Concepts of each kind of change that the screen shows; the table has them all."""
_LOSS: Final = 5
"""A new version without one concept in so many of the former is taken for a mistake."""
_IS_CONCEPT: Final = f" {RDF.type.n3()} {SKOS.Concept.n3()} ."
_COLUMNS: Final = ("changement", "concept", "libellé", "langue", "avant", "après")


def keep(files: Sequence[Path], settings: Settings, *, version: str, issued: str, table: str | None, force: bool) -> None:
    """Read a vocabulary and put it in its graph. `table`: where to write what changed. `force`: even if many concepts go.

    Raises Refusal: nothing was written then.
    """
    from referentiel.gate.opening import open_gate
    from referentiel.vocabularies import UnreadableVocabulary, open_vocabulary

    try:
        vocabulary = open_vocabulary(files, settings.base, version, issued)
        found = _read(vocabulary)
    except UnreadableVocabulary as error:
        raise Refusal(f"{error}.\nRien n'a été écrit.") from error
    with console.open_engine(settings) as engine:
        _put(open_gate(engine, settings), vocabulary, found, files, table, force=force)


def is_vocabulary(files: Sequence[Path]) -> bool:
    """Whether some files are of a vocabulary, not of a référentiel. Raises Refusal."""
    from referentiel.vocabularies import UnreadableVocabulary, recognised

    try:
        return recognised(files)
    except UnreadableVocabulary as error:
        raise Refusal(str(error)) from error


def _read(vocabulary: Opened) -> set[str]:
    """All that the files say, with a progress bar where somebody looks. Raises UnreadableVocabulary."""
    found: set[str] = set()
    with click.progressbar(length=vocabulary.size, label="Lecture", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for number, lines in vocabulary.statements():
            found.update(lines)
            if number % 1000 == 0:
                bar.update(number - bar.pos)
    return found


def _put(gate: Gate, vocabulary: Opened, found: set[str], files: Sequence[Path], table: str | None, *, force: bool) -> None:
    from rdflib import URIRef

    from referentiel.vocabularies import Crosswalk, assembled, difference, version_of

    name = URIRef(vocabulary.graph if isinstance(vocabulary, Crosswalk) else vocabulary.scheme)
    held = gate.engine.statements(name)
    whole = assembled(vocabulary, found, held)
    former, present = version_of(held, name), version_of(whole, name)
    changes = difference(held, whole) if (held and former != present) or table else None
    if changes and former != present and not force:
        _refuse_loss(changes, held, former, present)
    if sys.stderr.isatty():
        click.echo(f"Contrôle et écriture de {len(whole)} triplets…", err=True)
    accepted = _submit(gate, name, whole, "referentiel import " + " ".join(file.name for file in files))
    click.echo(f"{name}\nLu : {vocabulary.size} lignes, version {present or 'inconnue'}.")
    changed = [change for change in accepted.changes.graphs if change.name == name]
    if not changed:
        click.echo("Magasin : rien à changer, ce vocabulaire y était déjà.")
    for change in changed:
        click.echo(f"Magasin : {len(change.added)} triplets ajoutés, {len(change.removed)} retirés.")
    if left := len(found - whole):
        click.echo(f"Laissés de côté, faute de concept décrit au bout : {left} lien{'s' if left > 1 else ''}.")
    if changes is not None:
        _tell(changes, former, present, table)


def _refuse_loss(changes: Difference, held: Statements, former: str, present: str) -> None:
    """Refuse a version without many of the concepts of the former: files were left out, or the version is mistyped."""
    known = sum(line.endswith(_IS_CONCEPT) for line in held)
    if len(changes.withdrawn) * _LOSS > known:
        raise Refusal(
            f"la version {present} n'aurait plus {len(changes.withdrawn)} des {known} concepts de la version"
            f" {former or 'précédente'} ; rien n'a été écrit. Donnez tous ses fichiers, ou la même version pour compléter ;"
            " si c'est voulu : --force."
        )


def _submit(gate: Gate, name: URIRef, whole: Statements, why: str) -> Accepted:
    """Put the graph in the place of the former one. Raises Refusal."""
    from referentiel.access import LOCAL
    from referentiel.gate import Replace, RulesBroken
    from referentiel.web.refusals import REFUSED, problem_of

    try:
        return gate.submit(Replace(name, whole), identity=LOCAL, why=why[:500])
    except RulesBroken as error:
        summary = "\n".join(error.report.summary("fr").splitlines()[:20])
        raise Refusal(f"{name} enfreint des règles ; rien n'a été écrit.\n{summary}") from error
    except REFUSED as error:
        raise Refusal(f"{name} n'a pas été enregistré ; rien n'a été écrit. {problem_of(error).detail.fr}") from error


def _tell(changes: Difference, former: str, present: str, table: str | None) -> None:
    """What another version changes: a few of each kind on the screen, all in a table."""
    if table:
        console.write_output(table, _table(changes), force=True)
    if not changes:
        return
    click.echo(f"De la version {former or 'précédente'} à la version {present} :" if former != present else "Ce qui a changé :")
    for title, lines in _parts(changes):
        if lines:
            click.echo(f"  {title} : {len(lines)}")
        for line in lines[:_SHOWN]:
            click.echo(f"    {line}")
        if len(lines) > _SHOWN:
            click.echo(f"    … et {len(lines) - _SHOWN} autres" + ("" if table else " (tous : --difference FICHIER.csv)"))


def _parts(changes: Difference) -> Iterator[tuple[str, list[str]]]:
    yield "concepts nouveaux", [label or iri for iri, label in changes.new.items()]
    yield "concepts retirés", [label or iri for iri, label in changes.withdrawn.items()]
    yield "libellés changés", [f"{each.before} → {each.after} ({each.language})" for each in changes.relabelled]
    yield "concepts déplacés", [each.label or each.iri for each in changes.moved]


def _table(changes: Difference) -> bytes:
    """All that changed, a row each, as CSV that a spreadsheet opens."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    rows.writerows(("nouveau", iri, label, "", "", "") for iri, label in changes.new.items())
    rows.writerows(("retiré", iri, label, "", "", "") for iri, label in changes.withdrawn.items())
    rows.writerows(("libellé", each.iri, each.after, each.language, each.before, each.after) for each in changes.relabelled)
    rows.writerows(("déplacé", each.iri, each.label, "", " ".join(each.before), " ".join(each.after)) for each in changes.moved)
    return written.getvalue().encode("utf-8-sig")
