"""Who asks to write, and what they may do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias

Operation: TypeAlias = Literal["write", "withdraw", "graphs"]
"""`write`: make, change and restore certifications. `withdraw`: withdraw them. `graphs`: write the other graphs."""

OPERATIONS: Final[tuple[Operation, ...]] = ("write", "withdraw", "graphs")

PATTERN: Final = re.compile(r"[A-Za-z0-9._*?-]{1,100}")
"""What a pattern of identifiers may be. Brackets, which fnmatch would read too, are in no identifier and in no pattern."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who may write. `certifications`: patterns of the identifiers that they may touch (`*` and `?` stand for others).

    `besides`: grants to the same one, each with operations and patterns of its own: what one allows, another need not forbid.
    """

    name: str
    operations: frozenset[Operation]
    certifications: tuple[str, ...] = ("*",)
    besides: tuple[Identity, ...] = ()

    def may(self, operation: Operation, certification: str | None = None) -> bool:
        """Whether they may do something, to a certification of this identifier where it is about one."""
        reached = certification is None or any(fnmatchcase(certification, pattern) for pattern in self.certifications)
        return (operation in self.operations and reached) or any(grant.may(operation, certification) for grant in self.besides)

    def may_anything(self) -> bool:
        """Whether there is something that they may do."""
        return bool(self.operations) or any(grant.may_anything() for grant in self.besides)


LOCAL: Final = Identity("local", frozenset(OPERATIONS))
"""Whoever can write the files of the store: the operator's own command line."""
