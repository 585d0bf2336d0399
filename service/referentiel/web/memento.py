"""Former states of a resource over HTTP: moments, links and lists as Memento has them (RFC 7089)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from referentiel.history import Revision
from referentiel.web import problems
from referentiel.web.addresses import Addresses
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

LINK_FORMAT: Final = "application/link-format"

_LONGEST: Final = 64


def http_date(moment: datetime) -> str:
    """A moment as HTTP writes it (RFC 9110, section 5.6.7): to the second, in GMT."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def accepted_moment(header: str) -> datetime:
    """The moment that Accept-Datetime asks for: the end of its second, since mementos are told by seconds. Raises Problem (400)."""
    try:
        if len(header) > _LONGEST:
            raise ValueError("too long")
        found = parsedate_to_datetime(header)
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        shown = header[:_LONGEST]
        raise Problem(
            problems.BAD_REQUEST,
            Text(
                f"Accept-Datetime : une date comme « Thu, 31 May 2026 20:35:00 GMT » est attendue ; trouvé : « {shown} ».",
                f"Accept-Datetime: a date such as “Thu, 31 May 2026 20:35:00 GMT” is expected; found: “{shown}”.",
            ),
        ) from error
    return moment.replace(microsecond=0) + timedelta(seconds=1, microseconds=-1)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The versions of one resource, by their numbers, the oldest first; `address` is where it is, its TimeGate too."""

    address: str
    numbers: Sequence[int]

    @classmethod
    def of(cls, addresses: Addresses, code: str, numbers: Sequence[int]) -> Timeline:
        """That of a certification."""
        return cls(addresses.public(f"/certifications/{code}"), numbers)

    @property
    def listed(self) -> str:
        """Where people read of its versions."""
        return f"{self.address}/history"

    @property
    def timemap(self) -> str:
        """Where its versions are listed."""
        return f"{self.address}/timemap"

    def memento(self, number: int) -> str:
        """Where a version is."""
        return f"{self.address}?version={number}"

    def nearest(self, number: int) -> int:
        """The last version up to a revision, the first where that came later. There must be one."""
        return self.numbers[max(bisect_right(self.numbers, number) - 1, 0)]

    def relations(self, number: int | None) -> dict[int, list[str]]:
        """Version -> what it is to the version `number`, or to the present: first, last, prev, next; nothing for itself."""
        found: dict[int, list[str]] = {self.numbers[0]: ["first"]} if self.numbers else {}
        if self.numbers:
            found.setdefault(self.numbers[-1], []).append("last")
        if number is not None:
            at = bisect_right(self.numbers, number) - 1
            if at > 0:
                found.setdefault(self.numbers[at - 1], []).append("prev")
            if at + 1 < len(self.numbers):
                found.setdefault(self.numbers[at + 1], []).append("next")
            found.setdefault(number, [])
        return found

    def links(self, dates: Sequence[Revision], number: int | None = None) -> Iterator[str]:
        """The values of the header Link, of a version or of the present; `dates`: the revisions that `relations` names."""
        yield f'<{self.address}>; rel="original timegate"'
        yield f'<{self.timemap}>; rel="timemap"; type="{LINK_FORMAT}"'
        yield f'<{self.listed}>; rel="version-history"'
        relations = self.relations(number)
        yield from (self.entry(revision, *relations[revision.number]) for revision in dates)

    def entry(self, revision: Revision, *relations: str) -> str:
        """One version in a list of links."""
        rel = " ".join((*relations, "memento"))
        return f'<{self.memento(revision.number)}>; rel="{rel}"; datetime="{http_date(revision.at)}"'
