"""What the body of a request holds: read within a bound, told apart by its media type, turned into statements."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass
from email.message import Message
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from referentiel.exports.jsonld import CONTEXT
from referentiel.store.reading import MEDIA_TYPES
from referentiel.vocabulary import ROOT
from referentiel.web import problems
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
TABLES: Final = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
    "text/html": ".html",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
}
"""Media types of tables, with the usual ending of a file's name. A reader goes by the content; this is what may be sent."""
RDF: Final = tuple(MEDIA_TYPES)
"""Media types of RDF."""
UPDATE: Final = "application/sparql-update"
MERGE_PATCH: Final = "application/merge-patch+json"
MULTIPART: Final = "multipart/form-data"

_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})
_NAME_LIMIT: Final = 200
_PARTS: Final = 100
_MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent. `name`: of the file, where the sender gives one; the last segment of it, never a path."""

    media_type: str
    data: bytes
    name: str | None = None

    @property
    def is_table(self) -> bool:
        """Whether it is said to be a table."""
        return self.media_type in TABLES

    @property
    def text(self) -> str:
        """What was sent as text. Raises Problem (400) where it is not UTF-8."""
        try:
            return self.data.decode()
        except UnicodeDecodeError as error:
            raise Problem(
                problems.BAD_REQUEST,
                Text(f"L'octet {error.start} n'est pas de l'UTF-8.", f"Byte {error.start} is not UTF-8."),
            ) from error

    @property
    def digest(self) -> str:
        """SHA-256 of its type and its bytes, in hexadecimal."""
        return sha256(self.media_type.encode() + b"\n" + self.data).hexdigest()


async def read_body(request: Request, mebibytes: int, admitted: Collection[str], told: str = "Accept-Post") -> Body:
    """The body of a request, once its headers say that it can be read, and no further than the bound.

    `admitted`: media types. `told`: the header that names them to whoever sends another. Raises Problem (413, 415).
    """
    media_type, charset = _content_type(request)
    if media_type not in admitted or (media_type not in TABLES and charset not in _UTF_8):
        raise _unsupported(", ".join(admitted), request.headers.get("content-type", ""), {told: ", ".join(admitted)})
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        raise _unsupported(
            "Content-Encoding: identity", f"Content-Encoding: {coding}"[:_NAME_LIMIT], {"Accept-Encoding": "identity"}
        )
    data = await _bounded(request, mebibytes)
    if not data:
        raise Problem(problems.BAD_REQUEST, Text("Un corps est attendu ; trouvé : rien.", "A body is expected; found: nothing."))
    return Body(media_type, data, _file_name(request))


async def _bounded(request: Request, mebibytes: int) -> bytes:
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > mebibytes * _MIB:
        raise _too_large(mebibytes)
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > mebibytes * _MIB:
                raise _too_large(mebibytes)
    except ClientDisconnect as error:  # nobody reads this answer
        raise Problem(problems.BAD_REQUEST, Text("Le corps est incomplet.", "The body is incomplete.")) from error
    return bytes(body)


async def parts(request: Request, body: Body) -> list[Body]:
    """The files of a form that was uploaded (RFC 7578), or the body itself where it is no form. Raises Problem (400, 415)."""
    if body.media_type != MULTIPART:
        return [body]

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body.data

    try:
        form = await MultiPartParser(request.headers, whole(), max_files=_PARTS, max_fields=0).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        reason = str(getattr(error, "message", error))[:_NAME_LIMIT]
        raise Problem(
            problems.BAD_DATA,
            Text(
                f"Attendu : des fichiers (multipart/form-data) ; trouvé : {reason}",
                f"Expected: files (multipart/form-data); found: {reason}",
            ),
        ) from error
    try:
        found = [await _file(file) for _, file in form.multi_items() if isinstance(file, UploadFile)]
    finally:
        await form.close()
    if not found:
        raise Problem(problems.BAD_REQUEST, Text("Un fichier est attendu ; trouvé : aucun.", "A file is expected; found: none."))
    return found


async def _file(file: UploadFile) -> Body:
    media_type = (file.content_type or "").partition(";")[0].strip().lower()
    if media_type not in RDF:
        raise _unsupported(", ".join(RDF), file.content_type or "")
    return Body(media_type, await file.read())


def contexts(site_context: str) -> Mapping[str, dict[str, Any]]:
    """Our JSON-LD context, by the addresses that it goes by."""
    return {site_context: CONTEXT, f"{ROOT}context.jsonld": CONTEXT}


def _content_type(request: Request) -> tuple[str, str]:
    """The media type and the charset that a request gives, in small letters."""
    message = Message()
    message["Content-Type"] = request.headers.get("content-type", "")[:1000] or "application/octet-stream"
    return message.get_content_type(), str(message.get_content_charset("utf-8"))


def _file_name(request: Request) -> str | None:
    """The name of the file that is sent: `?name=`, else that of Content-Disposition (RFC 6266). No folder, nothing unprintable."""
    message = Message()
    message["Content-Disposition"] = request.headers.get("content-disposition", "")[:1000].encode("ascii", "replace").decode()
    given = request.query_params.get("name") or message.get_filename() or ""
    last = PurePath(given.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:_NAME_LIMIT] or None


def _unsupported(expected: str, found: str, headers: Mapping[str, str] | None = None) -> Problem:
    return Problem(
        problems.UNSUPPORTED_MEDIA_TYPE,
        Text(
            f"Attendu : {expected} ; trouvé : « {found[:_NAME_LIMIT]} ».", f"Expected: {expected}; found: “{found[:_NAME_LIMIT]}”."
        ),
        headers or {},
    )


def _too_large(mebibytes: int) -> Problem:
    return Problem(
        problems.BODY_TOO_LARGE,
        Text(f"Au plus {mebibytes} Mio sont lus.", f"At most {mebibytes} MiB are read."),
        {"Connection": "close"},
    )
