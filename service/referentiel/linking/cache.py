"""A folder that keeps what takes seconds to make: arrays, in files named for what they were made from."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

_SUFFIX: Final = ".npz"
_UNREADABLE: Final = (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, UnicodeDecodeError)
_KEPT: Final = 4
"""Files that stay, the newest ones: for the vocabularies of some stores, or of one at different times."""


def load(folder: Path, key: str, read: Callable[[Mapping[str, NDArray[Any]]], T]) -> T | None:
    """What is kept under a key; None when that is nothing, or nothing that `read` understands: it is only a cache."""
    try:
        with (folder / f"{key}{_SUFFIX}").open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return read(kept)
    except _UNREADABLE:
        return None


def save(folder: Path, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Keep arrays under a key: whoever reads there meanwhile sees all of them or none. Where nothing can be written, nothing is."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as made:
            np.savez(made, allow_pickle=False, **arrays)
        Path(made.name).replace(folder / f"{key}{_SUFFIX}")
        for old in sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return
