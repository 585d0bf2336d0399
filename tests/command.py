"""Runs the real command, as a person does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("referentiel")


def run(*arguments: str | Path, cwd: Path, timeout: float = 60, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command's exit status and what it printed; its store, unless told otherwise, is in `cwd`."""
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, "REFERENTIEL_STORE": str(cwd / "store"), **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
