"""The environment, read once, as frozen settings: the only reader of os.environ."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from referentiel.vocabulary import DEFAULT_BASE

_UNFIT = re.compile(r"""[\x00-\x20<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})""")  # what no IRI holds


class BadSetting(ValueError):
    """A setting has a value that can't be used; the message names it, and says what was expected."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost, and how many may be asked at once.

    `workers`: processes that answer questions, 4 to 256 (REFERENTIEL_WORKERS).
    `seconds`: time that one question may take, its answer included (REFERENTIEL_QUERY_SECONDS).
    `memory`: MiB that one question may take (REFERENTIEL_QUERY_MEMORY).
    `rows`: rows, or triples, of the longest answer (REFERENTIEL_ANSWER_ROWS).
    `queue`: questions that wait for a worker at the same time; one more is refused (REFERENTIEL_QUEUE).
    `cache`: MiB of answers that are kept to be given again (REFERENTIEL_CACHE).
    `rate`: questions that one client may ask in a minute, 0 for as many as it likes (REFERENTIEL_RATE).
    `services`: the SPARQL endpoints that SERVICE may call, none by default (REFERENTIEL_SERVICES, IRIs between spaces).
    """

    workers: int = field(default_factory=lambda: max(8, 4 * (os.cpu_count() or 1)))
    seconds: float = 30
    memory: int = 1024
    rows: int = 1_000_000
    queue: int = 64
    cache: int = 64
    rate: int = 0
    services: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_number("REFERENTIEL_WORKERS", self.workers, 4, 256)
        _require_number("REFERENTIEL_QUERY_SECONDS", self.seconds, 0.1)
        _require_number("REFERENTIEL_QUERY_MEMORY", self.memory, 64)
        _require_number("REFERENTIEL_ANSWER_ROWS", self.rows, 1)
        _require_number("REFERENTIEL_QUEUE", self.queue, 1)
        _require_number("REFERENTIEL_CACHE", self.cache, 0)
        _require_number("REFERENTIEL_RATE", self.rate, 0)
        for service in self.services:
            _require_http("REFERENTIEL_SERVICES", service)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Limits:
        """Limits from environment variables. Raises BadSetting."""
        found: dict[str, Any] = {}
        for name, variable in _NUMBERS.items():
            if text := environment.get(variable):
                found[name] = _number(variable, text, float if name == "seconds" else int)
        return cls(**found, services=tuple(environment.get("REFERENTIEL_SERVICES", "").split()))


_NUMBERS: Final = {
    "workers": "REFERENTIEL_WORKERS",
    "seconds": "REFERENTIEL_QUERY_SECONDS",
    "memory": "REFERENTIEL_QUERY_MEMORY",
    "rows": "REFERENTIEL_ANSWER_ROWS",
    "queue": "REFERENTIEL_QUEUE",
    "cache": "REFERENTIEL_CACHE",
    "rate": "REFERENTIEL_RATE",
}


@dataclass(frozen=True, slots=True)
class Writing:
    """What one write may cost, and who may write besides those who hold a token of ours.

    `body`: MiB of the longest body that is read (REFERENTIEL_BODY).
    `seconds`: time that one validation, or the working out of one update, may take (REFERENTIEL_WRITE_SECONDS).
    `memory`: MiB that it may take (REFERENTIEL_WRITE_MEMORY).
    `validators`: processes that validate for /validate; the gate has one of its own besides (REFERENTIEL_VALIDATORS).
    `changes`: statements that one update may add and remove (REFERENTIEL_UPDATE_CHANGES).
    `oidc_issuer`: whose tokens are accepted too, an https address (REFERENTIEL_OIDC_ISSUER); None: nobody's.
    `oidc_audience`: what such a token must be meant for (REFERENTIEL_OIDC_AUDIENCE); needed with an issuer.
    """

    body: int = 32
    seconds: float = 30
    memory: int = 1024
    validators: int = 2
    changes: int = 200_000
    oidc_issuer: str | None = None
    oidc_audience: str | None = None

    def __post_init__(self) -> None:
        _require_number("REFERENTIEL_BODY", self.body, 1, 1024)
        _require_number("REFERENTIEL_WRITE_SECONDS", self.seconds, 0.1)
        _require_number("REFERENTIEL_WRITE_MEMORY", self.memory, 64)
        _require_number("REFERENTIEL_VALIDATORS", self.validators, 1, 64)
        _require_number("REFERENTIEL_UPDATE_CHANGES", self.changes, 1)
        if self.oidc_issuer is not None:
            _require_http("REFERENTIEL_OIDC_ISSUER", self.oidc_issuer)
            if not self.oidc_audience:
                raise BadSetting("REFERENTIEL_OIDC_AUDIENCE : attendu avec REFERENTIEL_OIDC_ISSUER ; trouvé : rien.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Writing:
        """What the environment says. Raises BadSetting."""
        found: dict[str, Any] = {}
        for name, variable in _WRITING_NUMBERS.items():
            if text := environment.get(variable):
                found[name] = _number(variable, text, float if name == "seconds" else int)
        return cls(
            **found,
            oidc_issuer=environment.get("REFERENTIEL_OIDC_ISSUER") or None,
            oidc_audience=environment.get("REFERENTIEL_OIDC_AUDIENCE") or None,
        )


_WRITING_NUMBERS: Final = {
    "body": "REFERENTIEL_BODY",
    "seconds": "REFERENTIEL_WRITE_SECONDS",
    "memory": "REFERENTIEL_WRITE_MEMORY",
    "validators": "REFERENTIEL_VALIDATORS",
    "changes": "REFERENTIEL_UPDATE_CHANGES",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator chooses.

    `base`: where resources live, an absolute http(s) IRI ending with a slash (REFERENTIEL_BASE).
    `public_url`: where this service is reached, no trailing slash (REFERENTIEL_PUBLIC_URL); None: the address it listens on.
    `store`: folder of the store (REFERENTIEL_STORE).
    `publisher`: who publishes the catalogue, by name (REFERENTIEL_PUBLISHER).
    `access_log`: file that gets a line of JSON for each request, `-` for standard error, None for none (REFERENTIEL_ACCESS_LOG).
    `limits`: see Limits. `writing`: see Writing.
    """

    base: str = DEFAULT_BASE
    public_url: str | None = None
    store: Path = Path(".store")
    publisher: str = "Référentiel"
    access_log: str | None = None
    limits: Limits = field(default_factory=Limits)
    writing: Writing = field(default_factory=Writing)

    def __post_init__(self) -> None:
        _require_http("REFERENTIEL_BASE", self.base)
        if not self.base.endswith("/"):
            raise BadSetting(f"REFERENTIEL_BASE : une adresse qui finit par « / » est attendue ; trouvé « {self.base} ».")
        if self.public_url is not None:
            _require_http("REFERENTIEL_PUBLIC_URL", self.public_url)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from environment variables. Raises BadSetting."""
        public_url = environment.get("REFERENTIEL_PUBLIC_URL")
        return cls(
            base=environment.get("REFERENTIEL_BASE", DEFAULT_BASE),
            public_url=public_url.rstrip("/") if public_url else None,
            store=Path(environment.get("REFERENTIEL_STORE") or _default_store(environment)),
            publisher=environment.get("REFERENTIEL_PUBLISHER") or "Référentiel",
            access_log=environment.get("REFERENTIEL_ACCESS_LOG") or None,
            limits=Limits.from_environment(environment),
            writing=Writing.from_environment(environment),
        )


def _require_http(name: str, value: str) -> None:
    try:
        parts = urlsplit(value)
        credentials = parts.port == 0 or "@" in parts.netloc  # reading the port refuses what is no port
    except ValueError as error:
        raise BadSetting(f"{name} : une adresse http(s) absolue est attendue ; trouvé « {value} » ({error}).") from error
    unfit = credentials or parts.query or parts.fragment or _UNFIT.search(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or unfit:
        raise BadSetting(f"{name} : une adresse http(s) absolue est attendue ; trouvé « {value} ».")


def _number(name: str, text: str, kind: type[int] | type[float]) -> float:
    try:
        return kind(text)
    except ValueError as error:
        raise BadSetting(f"{name} : un nombre est attendu ; trouvé « {text} ».") from error


def _require_number(name: str, value: float, least: float, most: float = math.inf) -> None:
    if not (math.isfinite(value) and least <= value <= most):
        bound = f"d'au moins {least}" if most == math.inf else f"de {least} à {most}"
        raise BadSetting(f"{name} : un nombre {bound} est attendu ; trouvé « {value} ».")


def _default_store(environment: Mapping[str, str]) -> Path:
    """The user's data folder (XDG Base Directory Specification)."""
    data = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "referentiel" / "store"
