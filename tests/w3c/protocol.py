"""The suite of the SPARQL 1.1 Protocol: the tests that read, those that write, and the data of the former."""

from __future__ import annotations

from typing import Final

from w3c.exchanges import Conversation, conversations
from w3c.suite import ARCHIVE, BASE, quads

ALL: Final = list(conversations("protocol/manifest.ttl")) if ARCHIVE.is_file() else list[Conversation]()
WRITING: Final = [each for each in ALL if each.name.startswith("protocol/update_") or "update" in each.name]
ASKED: Final = [each for each in ALL if each not in WRITING]


def dataset() -> bytes:
    """The data of the tests that read, as N-Quads."""
    named = {pair for each in ASKED for pair in each.data}
    return b"".join(quads(file.removeprefix(BASE), graph) for file, graph in sorted(named))
