"""A validator: a process that validates one thing after the other, and is killed over one that takes too long."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import resource
import socket
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rdflib import BNode, URIRef
from rdflib.term import Node

from referentiel import forking, resources
from referentiel.store.reading import BadData
from referentiel.validation.engine import judge
from referentiel.validation.foreign import judge_foreign
from referentiel.validation.messages import Begun, ForeignReport, Judge, Judged, JudgeForeign, Ready, Refused, receive, send
from referentiel.validation.rules import InvalidShapes
from referentiel.validation.shapes import Shapes
from referentiel.vocabulary import RDF, REF, SHAPES

_MIB: Final = 2**20
_SHAPES_KEPT: Final = 2
"""Shapes in force besides the bundled ones that stay ready: the present ones, and those on trial."""
_BRIEF: Final = 500
_FORBIDDEN: Final = (
    "socket.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR


class Bench:
    """What every validation needs, parsed once: the bundled rules, and what links lead to."""

    def __init__(self) -> None:
        self._bundled = Shapes(resources.shapes())
        self._background = resources.background().serialize(format="nt", encoding="utf-8")
        self._parsed = lru_cache(_SHAPES_KEPT)(Shapes.parse)
        example = f"<{SHAPES.example}> <{RDF.type}> <{REF.Certification}> .\n".encode()
        self.judge(Judge(example, b"", None, None, screen=True))  # whatever is loaded or worked out at its first use

    def judge(self, request: Judge) -> Judged:
        """Validate by our rules. Raises InvalidShapes and BadData."""
        shapes = self._bundled if request.shapes is None else self._parsed(request.shapes)
        focus = None if request.focus is None else [_node(name) for name in request.focus]
        background = self._background + request.background
        report = judge(request.data, background, shapes, focus, screen=request.screen)
        return Judged(report.results, report.contents, report.graph.serialize(format="nt", encoding="utf-8"))

    def answer(self, request: Judge | JudgeForeign) -> Judged | ForeignReport | Refused:
        """The answer to a request, whatever happens short of running out of memory."""
        try:
            return self.judge(request) if isinstance(request, Judge) else judge_foreign(request.data, request.shapes)
        except InvalidShapes as error:
            return Refused("shapes", str(error))
        except BadData as error:
            return Refused("data", f"line {error.line}: {error.reason}" if error.line else error.reason)
        except MemoryError:
            raise
        except Exception as error:  # the engine broke over these data: the next may be well
            return Refused("fault", f"{type(error).__name__}: {str(error)[:_BRIEF]}")


def main(descriptor: int, memory: int) -> None:
    """The process that makes validators (see forking)."""
    bench = Bench()
    forking.serve(descriptor, lambda _, connection: work(connection, bench, memory))


def work(connection: socket.socket, bench: Bench, memory: int) -> None:
    """Answer what comes over the socket until its other end is closed. `memory`: MiB that one validation may take."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + memory * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    logging.disable()  # rdflib tells of each faulty literal at length: a stranger would write our log
    sys.dont_write_bytecode = True
    sys.addaudithook(_forbid)
    gc.disable()  # what one validation leaves is collected after it, when nobody waits
    with contextlib.suppress(OSError, MemoryError):  # the other end has gone; or what is left is in pieces: another takes over
        send(connection, Ready(os.getpid()))
        while (request := receive(connection)) is not None:
            send(connection, Begun())
            send(connection, bench.answer(request))
            del request
            gc.collect()


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what no validation needs: queries in a sender's shapes may name services and files."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event}: nothing is fetched or run while validating")
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, int) and (flags & _WRITING or not _is_library(os.fsdecode(path))):
            raise PermissionError(f"{os.fsdecode(path)}: no file is opened while validating")


def _is_library(path: str) -> bool:
    """Whether a file belongs to what Python loads by itself."""
    return os.path.abspath(path).startswith((sys.prefix, sys.base_prefix, str(Path(__file__).parent.parent)))  # noqa: PTH100


def _node(name: str) -> Node:
    return BNode(name[2:]) if name.startswith("_:") else URIRef(name)
