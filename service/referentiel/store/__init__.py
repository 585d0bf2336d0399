"""The store behind its door: one protocol, one embedded engine."""

from __future__ import annotations

from pathlib import Path

from referentiel.store.changes import Changes, GraphChange, Name, Statements
from referentiel.store.embedded import EmbeddedStore
from referentiel.store.engine import (
    Answer,
    BadQuery,
    Bindings,
    Engine,
    QueryForm,
    ResultFormat,
    ServiceRefused,
    StorageFull,
    StoreDamaged,
    StoreError,
    StoreUnavailable,
    TooManyRows,
)
from referentiel.store.relay import ServiceFailed
from referentiel.store.stacks import QUERY_LIMIT, deepen_stacks

__all__ = [
    "QUERY_LIMIT",
    "Answer",
    "BadQuery",
    "Bindings",
    "Changes",
    "Engine",
    "GraphChange",
    "Name",
    "QueryForm",
    "ResultFormat",
    "ServiceFailed",
    "ServiceRefused",
    "Statements",
    "StorageFull",
    "StoreDamaged",
    "StoreError",
    "StoreUnavailable",
    "TooManyRows",
    "deepen_stacks",
    "open_store",
]


def open_store(folder: Path | None) -> Engine:
    """The store in a folder, made when there is none; in memory without a folder. Raises StoreUnavailable."""
    return EmbeddedStore(folder)
