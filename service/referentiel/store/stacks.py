"""Stacks in which every query that is let in can be parsed.

Oxigraph's parser recurses, and a stack that overflows ends the process. Measured on pyoxigraph 0.5.13: with the usual 8 MiB, 4,000
opening braces are enough; the deepest query of QUERY_LIMIT bytes, of whatever construct, needs less than the stack given here.
"""

from __future__ import annotations

import sys
import threading
from typing import Final

QUERY_LIMIT: Final = 128 * 1024
"""Bytes of the longest query that the engine is given."""

_RECURSION: Final = 20_000
_STACK: Final = 512 * 1024 * 1024
"""Bytes of address space for each thread; memory is taken only as deep as a query goes."""


def deepen_stacks() -> None:
    """Give every thread that this process makes from now on a stack for the deepest query, and Python's own parser its depth."""
    threading.stack_size(_STACK)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))
