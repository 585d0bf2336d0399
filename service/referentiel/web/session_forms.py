"""Forms that count on the cookie of a session: read only when a page of this service sends them (CSRF)."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from referentiel.web import problems
from referentiel.web.bodies import read_body
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

FORM: Final = "application/x-www-form-urlencoded"
_MEBIBYTES: Final = 1
_FIELDS: Final = 20
_SECONDS: Final = 30


async def own_form(request: Request, public_url: str | None) -> dict[str, str]:
    """The fields of a form of ours, the last of each name. `public_url`: where the service is reached.

    Raises Problem: FOREIGN_FORM before anything is read, and BAD_REQUEST, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE.
    """
    _require_own(request, public_url)
    try:
        async with asyncio.timeout(_SECONDS):
            body = await read_body(request, _MEBIBYTES, (FORM,))
    except TimeoutError as error:
        late = Text(f"Le formulaire n'est pas arrivé en {_SECONDS} s.", f"The form did not come within {_SECONDS} s.")
        raise Problem(problems.BAD_REQUEST, late, {"Connection": "close"}) from error
    try:
        pairs = parse_qsl(body.text, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError as error:
        many = Text(f"Au plus {_FIELDS} champs sont attendus.", f"At most {_FIELDS} fields are expected.")
        raise Problem(problems.BAD_REQUEST, many) from error
    return dict(pairs)


def _require_own(request: Request, public_url: str | None) -> None:
    """Raise FOREIGN_FORM unless the browser says that a page of this service sends the form.

    Sec-Fetch-Site says it by itself (Fetch Metadata). Browsers send it to https and to this machine only: elsewhere Origin must
    name this service, by its public address or by the host that the request itself is for.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site == "same-origin"
    else:
        here = f"{request.url.scheme}://{request.headers.get('host', '')}"
        own = origin is not None and origin in {here, _origin(public_url)}
    if not own:
        found = (origin or "")[:200]
        raise Problem(
            problems.FOREIGN_FORM,
            Text(
                f"Attendu : un formulaire de ce service ; trouvé : Origin « {found} », Sec-Fetch-Site « {(site or '')[:20]} ».",
                f"Expected: a form of this service; found: Origin “{found}”, Sec-Fetch-Site “{(site or '')[:20]}”.",
            ),
        )


def _origin(address: str | None) -> str | None:
    """The origin of an address (RFC 6454), as browsers write it: without the port that its scheme has anyway."""
    if address is None:
        return None
    parts = urlsplit(address)
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, usual} else "")
