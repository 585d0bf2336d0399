"""The commands `referentiel link …`: links to ESCO and ROME, proposed by the machine, decided by people, kept as SSSOM."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from referentiel import console, running
from referentiel.commands.backup import checkpoint
from referentiel.commands.link_candidates import candidates
from referentiel.console import Refusal

if TYPE_CHECKING:
    from referentiel.gate import Gate
    from referentiel.linking.finder import Finder
    from referentiel.linking.mapping import Mapping, MappingSet
    from referentiel.review import Desk
    from referentiel.review.staleness import Stale
    from referentiel.settings import Settings

_PREDICATES: Final = {
    "exactMatch": "exact",
    "closeMatch": "proche",
    "broadMatch": "plus large",
    "narrowMatch": "plus étroit",
    "relatedMatch": "associé",
}
"""What is said of an object, by the local name of the predicate."""
_CAUSES: Final = {
    "subject gone": "la compétence n'est plus dans le magasin",
    "subject reworded": "la compétence est rédigée autrement",
    "target gone": "le concept a disparu du vocabulaire",
    "target withdrawn": "le concept a été retiré",
    "target relabelled": "le concept a changé de libellé",
    "target moved": "le concept a changé de place dans la hiérarchie",
}

_store = click.option("--store", type=click.Path(path_type=Path), metavar="DOSSIER", help="Dossier du magasin de graphes.")


@click.group()
def link() -> None:
    """Relie compétences et certifications à ESCO et au ROME : la machine propose, des personnes décident."""


link.add_command(candidates)


@link.command()
@click.argument("certification", metavar="CERTIFICATION")
@click.option("--set", "code", metavar="CODE", help="Ensemble de liens (à défaut : l'identifiant de la certification).")
@click.option("--orcid", default="", metavar="ORCID", help="Signe vos décisions (à défaut : l'agent local du magasin).")
@click.option("--occupations", is_flag=True, help="Les métiers de la certification, au lieu de ses compétences.")
@click.option("--all", "again", is_flag=True, help="Repasse aussi par ce que vous avez déjà décidé.")
@_store
def review(certification: str, code: str | None, orcid: str, store: Path | None, *, occupations: bool, again: bool) -> None:
    """Fait décider des liens d'une certification, une touche par verdict. S'interrompt et se reprend à tout moment.

    Une décision est enregistrée dès sa touche, comme une révision du magasin, qu'aucun serveur ne doit avoir ouvert ; avec un
    serveur, la page /review fait de même.
    """
    from referentiel.access import LOCAL
    from referentiel.commands.link_review import Reviewer, Session
    from referentiel.linking.concepts import Kind
    from referentiel.linking.finder import NoConcepts

    with _writing(console.load_settings(store)) as (_, desk):
        try:
            reviewer = Reviewer(LOCAL, desk.author(LOCAL, orcid), code or certification)
            items = desk.queue(certification, reviewer.code, reviewer.author, Kind.OCCUPATION if occupations else Kind.SKILL)
        except ValueError as error:
            raise Refusal(_unfit(code or certification, orcid)) from error
        if not items:
            known = ", ".join(name for name, _ in desk.certifications()[:10]) or "aucune"
            raise Refusal(f"{certification} : attendu une certification du magasin qui a des compétences ; il tient : {known}.")
        try:
            Session(desk, reviewer, items, again=again).run()
        except NoConcepts as error:
            raise Refusal("le magasin ne tient ni ESCO ni ROME. Pour les y mettre : referentiel import.") from error


@link.command("import")
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option("--set", "code", metavar="CODE", help="Ensemble de liens qui les reçoit (à défaut : celui que nomme le fichier).")
@click.option("--ignore", multiple=True, metavar="COLONNE", help="Colonne, ou entrée de l'en-tête, que l'on accepte de perdre.")
@_store
def import_(file: Path, code: str | None, ignore: tuple[str, ...], store: Path | None) -> None:
    """Prend les décisions d'un fichier SSSOM (.sssom.tsv). Elles s'ajoutent à celles de l'ensemble.

    La décision d'une personne sur une paire prend la place de celle qu'elle avait prise avant. Un fichier qui a un défaut est
    refusé en entier ; une proposition de machine n'est pas une décision, et n'entre pas.
    """
    from referentiel.access import LOCAL
    from referentiel.gate import RulesBroken
    from referentiel.linking.faults import UnreadableMappings, printable
    from referentiel.linking.sssom_reading import read
    from referentiel.model import CODE
    from referentiel.web.refusals import REFUSED, problem_of

    settings = console.load_settings(store)
    try:
        found = read(console.read_file(file), ignore)
    except UnreadableMappings as error:
        raise Refusal(f"{file} ne peut pas être lu ; rien n'a été écrit.\n{error}") from error
    named = found.iri.removeprefix(f"{settings.base}mapping-set/")
    code = code or named
    if not CODE.fullmatch(code):
        expected = f"{settings.base}mapping-set/CODE"
        raise Refusal(f"{file} : attendu « mapping_set_id: {expected} » ; trouvé : {named}. Ou donnez --set CODE.")
    with _writing(settings) as (gate, desk):
        try:
            accepted = desk.take_in(code, found, identity=LOCAL, why=f"referentiel link import {file.name}"[:200])
        except RulesBroken as error:
            raise Refusal(f"{file} enfreint des règles ; rien n'a été écrit.\n{error.report.summary('fr').rstrip()}") from error
        except REFUSED as error:
            raise Refusal(f"{file} n'a pas été enregistré ; rien n'a été écrit. {problem_of(error).detail.fr}") from error
        click.echo(f"{code} : {_counted(desk.mapping_set(code))}.")
        if not accepted.changes:
            click.echo("Magasin : rien à changer, ces décisions y étaient déjà.")
        for line in _stale_lines(gate, found, "À revoir"):
            click.echo(printable(line), err=True)


@link.command()
@click.argument("code", metavar="ENSEMBLE")
@click.option("--output", "-o", default="-", metavar="FICHIER", help="Fichier (à défaut : la sortie standard).")
@click.option("--force", is_flag=True, help="Remplace un fichier qui existe.")
@_store
def export(code: str, output: str, store: Path | None, *, force: bool) -> None:
    """Écrit un ensemble de liens en SSSOM (.sssom.tsv), que le serveur se serve du magasin ou non."""
    from referentiel.linking import sssom

    with _reading(console.load_settings(store)) as (_, desk):
        found = _set(desk, code)
    console.write_output(output, sssom.write(found).encode(), force=force)


@link.command()
@click.argument("code", metavar="[ENSEMBLE]", required=False)
@_store
def status(code: str | None, store: Path | None) -> None:
    """Dit où en sont les ensembles de liens, et sur quoi les personnes diffèrent."""
    from referentiel.linking.faults import printable

    with _reading(console.load_settings(store)) as (gate, desk):
        for each in [code] if code else desk.sets():
            for line in _status(gate, desk, each):
                click.echo(printable(line))


@link.command()
@click.argument("code", metavar="[ENSEMBLE]", required=False)
@_store
def stale(code: str | None, store: Path | None) -> None:
    """Liste les décisions à revoir : ce sur quoi elles portent a disparu, changé de libellé ou de place."""
    from referentiel.linking.faults import printable

    with _reading(console.load_settings(store)) as (gate, desk):
        lines = [
            printable(line) for each in ([code] if code else desk.sets()) for line in _stale_lines(gate, _set(desk, each), each)
        ]
    click.echo("\n".join(lines) or "Aucune décision à revoir.")


@contextmanager
def _writing(settings: Settings) -> Iterator[tuple[Gate, Desk]]:
    """The desk of a store that no server has open. Raises Refusal."""
    from referentiel.gate.opening import open_gate
    from referentiel.review import Desk

    if _is_served(settings):
        raise Refusal(
            f"un serveur se sert du magasin {settings.store}. Décidez sur sa page /review, ou arrêtez-le pour continuer ici."
        )
    with console.open_engine(settings) as engine:
        gate = open_gate(engine, settings)
        yield gate, Desk(gate, _finder(gate))


@contextmanager
def _reading(settings: Settings) -> Iterator[tuple[Gate, Desk]]:
    """The desk of a copy of a store, whether a server has it open or not. Raises Refusal."""
    from referentiel.gate import Gate
    from referentiel.history import History
    from referentiel.history.safekeeping import complete
    from referentiel.review import Desk
    from referentiel.store import StoreError, open_store
    from referentiel.validation.here import apply_rules

    if not settings.store.is_dir():
        raise Refusal(f"{settings.store} : attendu le dossier d'un magasin ; trouvé : rien de tel.")
    try:
        with checkpoint(settings.store) as folder:
            complete(folder, settings.store, settings.base)
            engine = open_store(folder)
            try:
                gate = Gate(engine, settings, History(engine, settings.base), apply_rules)
                yield gate, Desk(gate, _finder(gate))
            finally:
                engine.close()
    except StoreError as error:
        raise Refusal(f"le magasin {settings.store} ne se lit pas : {error.french or error}.") from error


def _finder(gate: Gate) -> Callable[[], Finder]:
    """What finds concepts of the store's vocabularies, made once, when it is asked for."""

    @cache
    def made() -> Finder:
        from referentiel.linking.stored import CACHE, finder_of

        folder = gate.engine.folder
        return finder_of(gate.engine, gate.space.base, folder and folder / CACHE)

    return made


def _is_served(settings: Settings) -> bool:
    try:
        running.ask(settings.store, "GET", "/healthz")
    except running.NotRunning:
        return False
    except OSError:
        return True
    return True


def _unfit(code: str, orcid: str) -> str:
    if orcid:
        return (
            f"--orcid : attendu un ORCID (comme 0000-0002-1825-0097) ; trouvé « {orcid} », ou « {code} » n'est pas un identifiant."
        )
    return f"{code} : attendu un identifiant (lettres, chiffres, points, tirets) ; trouvé autre chose."


def _set(desk: Desk, code: str) -> MappingSet:
    """A mapping set of the store. Raises Refusal."""
    try:
        return desk.mapping_set(code)
    except (LookupError, ValueError) as error:
        known = ", ".join(desk.sets()) or "aucun"
        raise Refusal(f"{code} : attendu un ensemble de liens du magasin ; il tient : {known}.") from error


def _counted(found: MappingSet) -> str:
    """The decisions of a set in numbers."""
    from referentiel.linking.standing import Verdict, standings

    verdicts = [each.verdict for each in standings(found.mappings)]
    count = {verdict: verdicts.count(verdict) for verdict in Verdict}
    return (
        f"{len(found.mappings)} décisions sur {len(verdicts)} paires : {count[Verdict.ACCEPTED]} acceptées,"
        f" {count[Verdict.REJECTED]} refusées, {count[Verdict.DISPUTED]} en désaccord"
    )


def _status(gate: Gate, desk: Desk, code: str) -> Iterator[str]:
    from referentiel.linking.standing import Verdict, standings
    from referentiel.review.ledger import Ledger

    found = _set(desk, code)
    yield f"{code} : {_counted(found)}."
    if any(name == code for name, _ in desk.certifications()):
        progress = desk.progress(code, code, "")
        yield (
            f"  avancement : {progress.total - progress.todo} sur {progress.total} ; {progress.decided} décidées,"
            f" {progress.confirmed} confirmées, {progress.no_match} sans correspondance, {progress.disputed} en désaccord"
        )
    for standing in standings(found.mappings):
        if standing.verdict is Verdict.DISPUTED:
            said = " ; ".join(f"{_person(each.author)} dit {_said(each)}" for each in standing.decisions)
            yield f"  désaccord : {_about(gate, standing.subject)} et « {standing.label or standing.object} » : {said}"
    for record in Ledger(gate.engine, found.iri).malformed():
        yield f"  illisible, compte pour rien : {record}"


def _stale_lines(gate: Gate, found: MappingSet, before: str) -> Iterator[str]:
    from referentiel.review.staleness import stale as stale_of

    for each in stale_of(gate, found.mappings):
        yield f"{before} : {_about(gate, each.mapping.subject)} et « {each.mapping.object_label} » : {_changed(each)}"


def _changed(each: Stale) -> str:
    told = _CAUSES[each.cause]
    return f"{told} (« {each.before} » est devenu « {each.now} »)" if each.now or each.before != each.mapping.object_label else told


def _about(gate: Gate, subject: str) -> str:
    """A subject by its code."""
    return subject.removeprefix(gate.space.certifications).replace("/competency/", " ")


def _person(author: str) -> str:
    return author.rpartition("/")[2]


def _said(mapping: Mapping) -> str:
    from referentiel.linking.mapping import NO_MATCH

    if mapping.object == NO_MATCH:
        return "sans correspondance"
    return ("non " if mapping.negated else "") + _PREDICATES[mapping.predicate.rpartition("#")[2]]
