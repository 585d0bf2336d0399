"""A store with its history as one thing: what makes it complete, and what has to be seen before it takes another's place."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from referentiel.history.history import History
from referentiel.store import StoreError, StoreUnavailable, open_store
from referentiel.store.backup import HISTORY, TOKENS, Progress, unpack
from referentiel.store.embedded import LIVE
from referentiel.store.manifest import MANIFEST, DamagedBackup, Facts


class AnotherBase(StoreError):
    """The store has a history, but not one of this base."""


def complete(folder: Path, store: Path, base: str) -> None:
    """Put beside a checkpoint of a store what belongs to it: the patches of the revisions that it knows, and the tokens.

    Patches are links: nothing changes one whose revision is known. Raises AnotherBase, StoreUnavailable, OSError.
    """
    head = _seen(folder, base)[0]
    if head == 0 and (store / HISTORY / "2.patch.gz").exists():
        raise AnotherBase(f"{store}: there is no history of {base}", f"l'historique n'est pas celui de la base {base}")
    if head:
        (folder / HISTORY).mkdir()
    for number in range(1, head + 1):
        with suppress(FileNotFoundError):  # the history will miss it
            os.link(store / HISTORY / f"{number}.patch.gz", folder / HISTORY / f"{number}.patch.gz")
    if (store / TOKENS).is_file():
        shutil.copyfile(store / TOKENS, folder / TOKENS)


def facts_of(folder: Path, base: str, software: str) -> Facts:
    """What a store's folder holds, once its whole history was checked. Raises StoreUnavailable."""
    head, triples, graphs = _seen(folder, base, check=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Facts(software=software, at=at, base=base, head=head, triples=triples, graphs=graphs)


def unpacked(source: Path, folder: Path, progress: Progress) -> tuple[Facts, str]:
    """Fill a folder from a backup, and see that it is what was packed; its facts, and the SHA-256 of the backup.

    Raises DamagedBackup, StoreUnavailable, OSError.
    """
    with source.open("rb") as file:
        manifest, digest = unpack(file, folder, progress)
    facts = manifest.facts
    if _seen(folder, facts.base, check=True) != (facts.head, facts.triples, facts.graphs):
        raise DamagedBackup(MANIFEST, "the store is not the one described", "le magasin n'est pas celui qu'il décrit")
    os.sync()  # what takes the place of a store must be on the disk before
    return facts, digest


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Keep everybody from opening a store, damaged or not, that is about to be put aside. Raises StoreUnavailable."""
    lock = store / LIVE / "LOCK"
    if not lock.is_file():
        yield
        return
    with lock.open("ab") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreUnavailable(f"{store} is in use", f"un serveur se sert de {store} : arrêtez-le") from error
        yield


def take_place(folder: Path, store: Path) -> Path | None:
    """Put a store where another may be; where that one is kept, None where there was none. Its tokens stay in force: one that was
    revoked since must not come back. Raises OSError."""
    kept = None
    if store.exists() and any(store.iterdir()):
        if (store / TOKENS).is_file():
            shutil.copyfile(store / TOKENS, folder / TOKENS)
        kept = store.with_name(f"{store.name}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        store.rename(kept)
    try:
        folder.rename(store)
    except OSError:
        if kept:
            kept.rename(store)
        raise
    os.sync()
    return kept


def _seen(folder: Path, base: str, *, check: bool = False) -> tuple[int, int, int]:
    """The last revision, triples and graphs of a store that nobody else has open. Raises StoreUnavailable."""
    engine = open_store(folder)
    try:
        history = History(engine, base)
        if check:
            history.check()
        return history.head, len(engine), len(engine.graph_names())
    finally:
        engine.close()
