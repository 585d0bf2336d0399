"""The suite of the SPARQL 1.1 Protocol: its tests, those that wait for updates, and its data."""

from __future__ import annotations

from typing import Final

from w3c.exchanges import Conversation, conversations
from w3c.suite import ARCHIVE, BASE, quads

ALL: Final = list(conversations("protocol/manifest.ttl")) if ARCHIVE.is_file() else list[Conversation]()
WAITING: Final = [each for each in ALL if each.name.startswith("protocol/update_")]
ASKED: Final = [each for each in ALL if each not in WAITING]


def dataset() -> bytes:
    """The data of the tests that are asked, as N-Quads."""
    named = {pair for each in ASKED for pair in each.data}
    return b"".join(quads(file.removeprefix(BASE), graph) for file, graph in sorted(named))
