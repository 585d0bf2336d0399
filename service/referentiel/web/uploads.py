"""What is sent to be tried: a file, a text, shapes; as the body of a request, or as a form (RFC 7578)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from referentiel.web import problems
from referentiel.web.bodies import MULTIPART, RDF, TABLES, Body, read_body
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

ADMITTED: Final = (MULTIPART, *RDF, *TABLES)
"""Media types of what may be sent."""

_ENDINGS: Final = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".owl": "application/rdf+xml",
    ".xml": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
    ".trig": "application/trig",
    ".nq": "application/n-quads",
    ".n3": "text/n3",
}
"""Media type of RDF by the ending of a file's name: browsers seldom know it."""
_SAME: Final = {
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
}
_TABLE: Final = "text/plain"
"""A table's reader goes by the content: what it is said to be does not matter."""

_PARTS: Final = 8
_TEXT_LIMIT: Final = 500
_NAME_LIMIT: Final = 200
_MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Sent:
    """What is to be tried. `shapes`: the sender's own rules. `fields`: the short texts of a form."""

    data: Body
    shapes: Body | None = None
    fields: dict[str, str] = field(default_factory=dict)


async def received(request: Request, mebibytes: int, seconds: float) -> Sent:
    """What a request sends, within so many MiB and seconds. Raises Problem (400, 413, 415)."""
    try:
        async with asyncio.timeout(seconds):
            body = await read_body(request, mebibytes, ADMITTED)
    except TimeoutError as error:
        detail = Text(f"Le corps n'est pas arrivé en {seconds:g} s.", f"The body did not come within {seconds:g} s.")
        raise Problem(problems.BAD_REQUEST, detail, {"Connection": "close"}) from error
    if body.media_type != MULTIPART:
        short = {name: request.query_params.get(name, "")[:_TEXT_LIMIT] for name in ("title", "number")}
        return Sent(body, fields=short)
    return await _of_form(request, body.data, mebibytes)


async def _of_form(request: Request, data: bytes, mebibytes: int) -> Sent:
    async def whole() -> AsyncGenerator[bytes, None]:
        yield data

    parser = MultiPartParser(request.headers, whole(), max_files=_PARTS, max_fields=_PARTS, max_part_size=mebibytes * _MIB)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError, LookupError) as error:
        reason = str(getattr(error, "message", error))[:_NAME_LIMIT]
        raise _unfit(Text(f"un formulaire mal formé ({reason})", f"a malformed form ({reason})")) from error
    try:
        return await _sent(form)
    finally:
        await form.close()


async def _sent(form: FormData) -> Sent:
    held: dict[str, Body] = {}
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        content = value.encode() if isinstance(value, str) else await value.read()
        if name in {"data", "text", "shapes"} and content.strip():
            known = None if isinstance(value, str) else value
            sent = _body(content, known.filename if known else None, known.content_type if known else None)
            role = "shapes" if name == "shapes" else "data"
            if role in held:
                raise _unfit(Text(f"deux fois « {role} »", f"“{role}” twice"))
            held[role] = sent
        elif isinstance(value, str):
            fields[name] = value[:_TEXT_LIMIT]
    if "data" not in held:
        raise _unfit(Text("ni fichier ni texte", "neither a file nor a text"))
    if "shapes" in held and held["shapes"].is_table:
        raise _unfit(Text("des règles qui ne sont pas du RDF", "shapes that are not RDF"))
    return Sent(held["data"], held.get("shapes"), fields)


def _body(content: bytes, name: str | None, media_type: str | None) -> Body:
    """A part as a body: by what it is said to be, by its name, else by how it begins."""
    last = PurePath((name or "").replace("\\", "/")).name
    shown = "".join(letter for letter in last if letter.isprintable())[:_NAME_LIMIT] or None
    said = (media_type or "").partition(";")[0].strip().lower()
    said = _ENDINGS.get(PurePath(last).suffix.lower(), _SAME.get(said, said))
    if said not in (*RDF, *TABLES):
        said = _recognised(content)
    return Body(said, content, shown)


def _recognised(content: bytes) -> str:
    """The media type of what nobody has named, by how it begins: only RDF begins in these ways."""
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return "application/ld+json"
    if start.startswith(b"<") and b"<rdf:RDF" in start:
        return "application/rdf+xml"
    if start.lower().startswith((b"@prefix", b"@base", b"prefix ", b"base <", b"<http", b"<urn", b"_:")):
        return "text/turtle"
    return _TABLE


def _unfit(found: Text) -> Problem:
    return Problem(
        problems.BAD_REQUEST,
        Text(
            f"Attendu : un fichier « data » ou un texte « text », au besoin des règles « shapes » ; trouvé : {found.fr}.",
            f"Expected: a file “data” or a text “text”, and shapes “shapes” if wanted; found: {found.en}.",
        ),
    )
