"""Content negotiation: which format and which language a request prefers (RFC 9110, section 12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from referentiel.readers import Coding
from referentiel.store import ResultFormat

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_NAME})/({_NAME})\s*((?:;[^;]*)*)")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*((?:;[^;]*)*)")
_QUALITY = re.compile(r"\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*")


@dataclass(frozen=True, slots=True)
class Offer:
    """A format on offer: its suffix, its media type, other names it goes by. `form` is None for HTML."""

    suffix: str
    media_type: str
    form: ResultFormat | None = None
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type, with the charset where texts have one (RFC 2046, section 4.1.2)."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


@dataclass(frozen=True, slots=True)
class Choice:
    """The offer chosen; `named`: the client named it, no wildcard brought it in."""

    offer: Offer
    named: bool


HTML: Final = Offer("html", "text/html", aliases=("application/xhtml+xml",))
_ALIASES: Final = {
    ResultFormat.JSON: ("application/json",),
    ResultFormat.XML: ("application/xml", "text/xml"),
    ResultFormat.TURTLE: ("application/x-turtle", "application/turtle"),
    ResultFormat.JSON_LD: ("application/json",),
    ResultFormat.RDF_XML: ("application/xml", "text/xml"),
    ResultFormat.N_TRIPLES: ("text/plain",),
}


def offer(form: ResultFormat) -> Offer:
    """A machine's format as an offer."""
    return Offer(form.suffix, form.media_type, form, _ALIASES.get(form, ()))


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range of an Accept header."""

    type: str
    subtype: str
    quality: float

    def precision(self, media_type: str) -> int:
        """How closely the range names a media type: 0 not at all, 1 `*/*`, 2 `text/*`, 3 by name."""
        if f"{self.type}/{self.subtype}" == media_type:
            return 3
        if self.subtype != "*":
            return 0
        return 1 if self.type == "*" else 2 * (self.type == media_type.partition("/")[0])


def choose(accept: str | None, offers: Sequence[Offer]) -> Choice | None:
    """The offer that `accept` prefers, ties going to the first; None when it allows none.

    A header that is missing, or that can't be read at all, allows everything.
    """
    ranges = list(_ranges(accept or "")) or [_Range("*", "*", 1)]
    ranked = [(*_rank(ranges, offer), -position, offer) for position, offer in enumerate(offers)]
    quality, precision, _, best = max(ranked, key=lambda entry: (entry[0], entry[2]))
    return Choice(best, named=precision == 3) if quality > 0 else None


def _rank(ranges: Sequence[_Range], offer: Offer) -> tuple[float, int]:
    """The quality of an offer, from the range that names it most closely, and how closely. Its other names count only by name."""
    own = max(ranges, key=lambda item: item.precision(offer.media_type))
    precision = own.precision(offer.media_type)
    if precision == 3:
        return own.quality, 3
    aliased = [item.quality for item in ranges for alias in offer.aliases if item.precision(alias) == 3]
    return (max(aliased), 3) if aliased else (own.quality if precision else 0, precision)


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.lower().split(","):
        if match := _RANGE.fullmatch(part):
            yield _Range(match[1], match[2], _quality(match[3]))


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        if match := _QUALITY.fullmatch(parameter):
            return float(match[1])
    return 1


def language(accept_language: str | None) -> str:
    """`fr` or `en`, whichever is preferred; French on a tie (RFC 4647, section 3.4)."""
    wishes = {"fr": 0.0, "en": 0.0}
    for part in (accept_language or "").lower().split(","):
        if match := _LANGUAGE.fullmatch(part):
            primary = match[1].partition("-")[0]
            for known in wishes:
                if primary == known:
                    wishes[known] = max(wishes[known], _quality(match[2]))
    return "en" if wishes["en"] > wishes["fr"] else "fr"


@lru_cache(maxsize=256)
def coding(accept_encoding: str) -> Coding:
    """The content coding that Accept-Encoding prefers, zstd before gzip on a tie (RFC 9110, section 12.5.3)."""
    wishes = {"zstd": 0.0, "gzip": 0.0}
    rest = 0.0
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        if name == "*":
            rest = _quality(parameters)
        elif (name := name.strip().removeprefix("x-")) in wishes:
            wishes[name] = _quality(parameters)
    best: Coding = "zstd" if wishes["zstd"] >= wishes["gzip"] else "gzip"
    return best if wishes[best] > 0 else "gzip" if rest > 0 else "identity"
