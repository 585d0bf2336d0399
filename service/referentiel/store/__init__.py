"""The store behind its door: one protocol, one embedded engine."""

from __future__ import annotations

from pathlib import Path

from referentiel.store.embedded import EmbeddedStore
from referentiel.store.engine import Answer, BadQuery, Engine, QueryForm, ResultFormat, StoreError, StoreUnavailable

__all__ = ["Answer", "BadQuery", "Engine", "QueryForm", "ResultFormat", "StoreError", "StoreUnavailable", "open_store"]


def open_store(folder: Path | None) -> Engine:
    """The store in a folder, made when there is none; in memory without a folder. Raises StoreUnavailable."""
    return EmbeddedStore(folder)
