"""`referentiel load`: files of RDF of any size into a store that no server has open, through the gate or past it."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from referentiel import console
from referentiel.console import Refusal
from referentiel.settings import Settings

if TYPE_CHECKING:
    from referentiel.gate.bulk import Loaded, Why
    from referentiel.store import Name
    from referentiel.store.embedded import EmbeddedStore

_PATIENCE: Final = 3
"""Seconds between two words about how far a long load is."""
_SHOWN: Final = 20
"""Refused graphs that are told one by one."""
_ALL_GRAPHS: Final = 3
"""Results told of one of them."""


def load(files: Sequence[Path], settings: Settings, graph: str | None, base: str | None) -> bool:
    """Load what keeps the rules, graph by graph; whether all of it did. Raises Refusal, KeyboardInterrupt between two batches."""
    from referentiel.access import LOCAL
    from referentiel.gate import bulk
    from referentiel.gate.opening import open_gate
    from referentiel.store.embedded import EmbeddedStore

    _check(files, graph, base)
    why = "referentiel load " + " ".join(file.name for file in files)
    with (
        console.open_engine(settings) as engine,
        tempfile.TemporaryDirectory(dir=settings.store, prefix="load-") as folder,
        closing(EmbeddedStore(Path(folder))) as read,
        _held_interrupt() as interrupted,
    ):
        _read(read, files, graph, base, interrupted)
        done = bulk.load(open_gate(engine, settings), read, LOCAL, why[:500], _Judged(len(read), interrupted))
    _tell(files, done.statements)
    for line in _refused(done):
        click.echo(line, err=True)
    return not done.refused


def load_unchecked(files: Sequence[Path], settings: Settings, graph: str | None, base: str | None) -> None:
    """Load files as they are, in their order. Raises Refusal, which says what was loaded before."""
    from referentiel.store.embedded import EmbeddedStore

    _check(files, graph, base)
    click.echo("Chargement sans contrôle : aucune règle n'est vérifiée sur ce qui entre ainsi dans le magasin.", err=True)
    with closing(console.opened(EmbeddedStore, settings)) as store, _held_interrupt() as interrupted:
        before = len(store)
        _read(store, files, graph, base, interrupted)
        _tell(files, len(store) - before)


def _read(
    store: EmbeddedStore, files: Sequence[Path], graph: str | None, base: str | None, interrupted: Callable[[], bool]
) -> None:
    from rdflib import URIRef

    from referentiel.store import StoreError
    from referentiel.store.loading import load as load_file

    loaded = 0
    try:
        for file in files:
            load_file(store, file, graph=URIRef(graph) if graph else None, base=base, progress=_Meter(file, interrupted))
            loaded += 1
    except (StoreError, OSError, KeyboardInterrupt) as error:
        kept = ", ".join(map(str, files[:loaded])) or "rien"
        said = f"Rien de ce fichier n'a été écrit. Chargé avant lui : {kept}."
        if isinstance(error, KeyboardInterrupt):
            click.echo(f"{files[loaded]} : arrêt demandé. {said}", err=True)
            raise
        raise Refusal(f"{files[loaded]}{_load_fault(error)}\n{said}") from error


def _tell(files: Sequence[Path], new: int) -> None:
    some = "s" if new > 1 else ""
    count = f"{len(files)} fichier{'s' if len(files) > 1 else ''}"
    click.echo(f"Chargé : {count}, {new} triplet{some} nouveau{'x' if new > 1 else ''}.")


def _refused(done: Loaded) -> Iterator[str]:
    """What was left out, and why."""
    if done.refused:
        yield f"Refusé : {len(done.refused)} graphe{'s' if len(done.refused) > 1 else ''} ; rien n'en a été écrit."
    for name, why in list(done.refused.items())[:_SHOWN]:
        yield f"  {name or 'graphe sans nom'} : {_why(name, why)}"
    if len(done.refused) > _SHOWN:
        yield f"  … et {len(done.refused) - _SHOWN} autres."


def _why(name: Name, why: Why) -> str:
    from referentiel.gate import RulesBroken, Unfit
    from referentiel.validation import Severity

    if isinstance(why, Unfit):
        return f"{why.reason.fr} ; trouvé : {why.found[0] if why.found else 'rien'}"
    if not isinstance(why, RulesBroken):
        return "ce graphe est tenu par le service, ou sa certification a été retirée"
    broken = [each for each in why.report.results if each.severity is Severity.VIOLATION]
    own = [each for each in broken if name is None or str(each.focus).startswith(str(name))] or broken
    told = [f"{each.code}, {each.place.fr} : {each.message.fr}" for each in own[:_ALL_GRAPHS]]
    return " ".join(told) + (f" (et {len(own) - len(told)} autres)" if len(own) > len(told) else "")


class _Judged:
    """Tells how much was judged, now and then; stops the load when that is asked."""

    def __init__(self, whole: int, interrupted: Callable[[], bool]) -> None:
        self._whole = whole
        self._judged = 0
        self._interrupted = interrupted
        self._told = time.monotonic()

    def __call__(self, statements: int) -> None:
        self._judged += statements
        if self._interrupted():
            click.echo("Arrêt demandé. Ce qui a été contrôlé jusqu'ici est enregistré.", err=True)
            raise KeyboardInterrupt
        if time.monotonic() - self._told >= _PATIENCE:
            self._told = time.monotonic()
            click.echo(f"Contrôlé : {self._judged} triplets sur {self._whole}.", err=True)


@contextmanager
def _held_interrupt() -> Iterator[Callable[[], bool]]:
    """Keep an interrupt until it is asked for: one that came while the engine writes would say that nothing was written."""
    asked: list[int] = []
    former = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, former)


def _check(files: Sequence[Path], graph: str | None, base: str | None) -> None:
    """Refuse, before anything is written, what can be seen to be wrong."""
    from referentiel.store.loading import SYNTAXES, UnknownSuffix, is_iri, names_graphs

    for option, value in (("--graph", graph), ("--base", base)):
        if value is not None and not is_iri(value):
            raise Refusal(f"{option} : attendu un IRI absolu (comme https://exemple.fr/graphe) ; trouvé « {value} ».")
    for file in files:
        try:
            if names_graphs(file) and graph:
                raise Refusal(
                    f"{file} : ses quadruplets nomment déjà leurs graphes. Retirez --graph, ou chargez ce fichier à part."
                )
            with file.open("rb"):
                pass
        except UnknownSuffix as error:
            raise Refusal(f"{file} : attendu un nom qui finit par {', '.join(SYNTAXES)}, suivi ou non de .gz.") from error
        except OSError as error:
            raise Refusal(f"{file} : fichier illisible ({console.reason(error)}). Vérifiez son nom et son dossier.") from error


def _load_fault(error: Exception) -> str:
    """What stopped a load, after the name of the file."""
    from referentiel.store.loading import BadFile

    if not isinstance(error, BadFile):
        return f" : le magasin n'a pas pu l'écrire ({error})."
    place = f", ligne {error.line}, colonne {error.column}" if error.line else ""
    found = f"« {error.excerpt} » ({error.reason})" if error.excerpt else error.reason
    return f"{place} : attendu du {error.syntax} valide ; trouvé : {found}."


class _Meter:
    """Tells how much of a file was read, now and then, once that takes long; stops the load when that is asked."""

    def __init__(self, file: Path, interrupted: Callable[[], bool]) -> None:
        self._file = file
        self._interrupted = interrupted
        self._start = self._told = time.monotonic()

    def __call__(self, read: int, size: int) -> None:
        if self._interrupted():
            raise KeyboardInterrupt
        now = time.monotonic()
        if now - self._told >= _PATIENCE:
            self._told = now
            share = f"lu à {100 * read // size} %" if read < size else "lu en entier, le moteur le range"
            click.echo(f"{self._file} : {share} ({read / 1e6:.0f} Mo, {now - self._start:.0f} s).", err=True)
