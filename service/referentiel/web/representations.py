"""What every answer that describes something carries: validators and the variants it has (RFC 9110, sections 8 and 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from referentiel.readers.outlet import SHORT, compressor
from referentiel.web.negotiation import coding

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def represent(request: Request, body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """The body with a strong ETag, in the content coding that the client prefers, or 304 when it holds that already."""
    chosen = coding(request.headers.get("accept-encoding", "")) if len(body) >= SHORT else "identity"
    tag = sha256(body).hexdigest()[:32]
    tag = f'"{tag}"' if chosen == "identity" else f'"{tag}-{chosen}"'
    vary = ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))
    carried = {"Cache-Control": "no-cache", **headers, "Vary": vary, "ETag": tag}
    if holds(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=carried)
    if (compress := compressor(chosen)) is not None:
        carried["Content-Encoding"] = chosen
        body = compress.compress(body) + compress.flush()
    return Response(body, media_type=media_type, headers=carried)


def holds(if_none_match: str | None, tag: str) -> bool:
    """Whether If-None-Match lists the tag, compared weakly (RFC 9110, section 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)


def link(target: str, relation: str, media_type: str | None = None) -> str:
    """One value of a Link header (RFC 8288)."""
    return f'<{target}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else "")
