"""Clients that write until the server is gone, and remember what they were told."""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from rdflib import URIRef

from referentiel.gate.working_out import notice
from referentiel.settings import Settings
from referentiel.store import Statements
from referentiel.store.reading import read

BASE = Settings().base
TEMPLATE = Path(__file__).parent.parent / "shapes" / "base.ttl"
SPARQL_UPDATE = "application/sparql-update"
N_TRIPLES = "application/n-triples"


def certification(code: str, variant: int) -> Statements:
    """A certification that keeps every rule; each of its labels says which variant it is, so that a mixture would show."""
    lines = read(TEMPLATE.read_bytes(), "text/turtle", base=BASE)[None]
    written = (line.replace("/certification/X", f"/certification/{code}") for line in lines)
    named = (line.replace('"X"', f'"{code}"').replace('"RNCP1"', f'"RNCP{code[1:]}"') for line in written)
    return frozenset(line.replace('"@fr .', f' {variant}"@fr .') if "prefLabel" in line else line for line in named)


def plain(code: str, variant: int) -> Statements:
    """A graph that no rule is about."""
    return frozenset(f'<http://{code}.example/{number}> <http://p.example/> "{variant}" .' for number in range(20))


@dataclass(eq=False)
class Book:
    """What the one client that writes a graph knows of it.

    `present`: what it holds. `pending`: what it will hold if the request comes through that is under way. `acknowledged`: number
    and state of each revision that the server said was kept.
    """

    code: str
    name: URIRef
    make: Callable[[str, int], Statements]
    present: Statements = frozenset()
    variant: int = 0
    pending: Statements | None = None
    acknowledged: list[tuple[int, Statements]] = field(default_factory=list)


def books(certifications: int, graphs: int) -> list[Book]:
    """So many certifications and other graphs, nothing of which is written yet."""
    named = [
        Book(code := f"C{number + 1}", URIRef(f"{BASE}certification/{code}"), certification) for number in range(certifications)
    ]
    return named + [Book(f"g{number}", URIRef(f"http://g{number}.example/"), plain) for number in range(graphs)]


class Client(threading.Thread):
    """Writes to some graphs, one after the other, until the server does not answer any more."""

    def __init__(self, port: int, token: str, mine: list[Book], seed: int) -> None:
        super().__init__()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._books = mine
        self._chance = random.Random(seed)
        self.unexpected: str | None = None

    def run(self) -> None:
        """Write until then; an answer that is neither an acceptance nor nothing is remembered."""
        try:
            while self.unexpected is None:
                self._write(self._chance.choice(self._books))
        except (OSError, http.client.HTTPException):
            pass  # the server is gone
        finally:
            self._connection.close()

    def _write(self, book: Book) -> None:
        book.variant += 1
        after = book.make(book.code, book.variant)
        way = self._chance.choice(["put", "patch", "delete", "restore"])
        if way == "delete" and len(book.present) > 10:
            is_certification = book.make is certification
            after = notice(book.name, book.present, None) if is_certification else frozenset()
            self._ask(book, after, "DELETE")
        elif way == "restore" and book.make is certification and book.acknowledged:
            number, after = self._chance.choice(book.acknowledged)
            if after != book.present and len(after) > 10:  # a notice is not restored
                self._ask(book, after, "POST", f"/restore?version={number}")
        elif way == "patch" and len(book.present) > 10:
            graph = f"GRAPH <{book.name}>"
            gone, new = "\n".join(book.present - after), "\n".join(after - book.present)
            update = f"DELETE DATA {{ {graph} {{ {gone} }} }} ; INSERT DATA {{ {graph} {{ {new} }} }}"
            self._ask(book, after, "PATCH", "", update.encode(), SPARQL_UPDATE)
        else:
            self._ask(book, after, "PUT", "", "\n".join(after).encode(), N_TRIPLES)

    def _ask(self, book: Book, after: Statements, method: str, below: str = "", body: bytes = b"", kind: str = N_TRIPLES) -> None:
        path = f"/certifications/{book.code}{below}" if book.make is certification else f"/graphs?graph={quote(book.name, safe='')}"
        book.pending = after
        self._connection.request(method, path, body or None, {**self._headers, "Content-Type": kind})
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status not in {200, 201}:
            self.unexpected = f"{method} {path}: {answer.status} {text[:2000].decode()}"
            return
        book.present, book.pending = after, None
        book.acknowledged.append((json.loads(text)["version"], after))
