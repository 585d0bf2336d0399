"""IRIs written short, as SSSOM wants them: `prefix:rest`, with a map of the prefixes in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from referentiel.vocabulary import ESCO_OCCUPATION, ESCO_SKILL, ORCID, OWL, RDF, RDFS, SEMAPV, SKOS, SSSOM, XSD

BUILT_IN: Final = {
    "owl": str(OWL),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "semapv": str(SEMAPV),
    "skos": str(SKOS),
    "sssom": str(SSSOM),
    "xsd": str(XSD),
}
"""Those that every SSSOM file may use without saying so (SSSOM/TSV, Identifiers); none may mean anything else."""

OURS: Final = {"esco-skill": str(ESCO_SKILL), "esco-occupation": str(ESCO_OCCUPATION), "orcid": str(ORCID)}

SCHEMES: Final = frozenset({"file", "ftp", "http", "https", "mailto", "tag", "urn"})
"""What whole addresses begin with: none may be a prefix, it would change what they mean."""

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f-\x9f<>\"{}|\\^`]+")
_NAMESPACE: Final = re.compile(_IRI.pattern.removesuffix("+") + "*")
_CURIE: Final = re.compile(r"([A-Za-z_][\w.-]*):([^\x00-\x20\x7f-\x9f<>\"{}|\\^`]+)")


def is_iri(text: str) -> bool:
    """Whether a text may stand as an absolute IRI (RFC 3987, loosely)."""
    return _IRI.fullmatch(text) is not None


def is_namespace(text: str) -> bool:
    """Whether a text may stand for a prefix: what an IRI begins with."""
    return _NAMESPACE.fullmatch(text) is not None


def prefixes_for(iris: Iterable[str], base: str) -> dict[str, str]:
    """The prefixes that are needed to write IRIs short, sorted. `base`: where resources of the project live.

    What no known prefix covers gets one of its own, `ns1`, `ns2` …, in alphabetical order.
    """
    known = {"rid": base, **OURS, **BUILT_IN}
    found: dict[str, str] = {}
    for iri in sorted(set(iris)):
        prefix = _prefix(iri, known)
        if prefix is None:
            prefix = f"ns{len([name for name in known if name.startswith('ns')]) + 1}"
            known[prefix] = iri[: max(iri.rfind("/"), iri.rfind("#"), iri.find(":")) + 1]
        found[prefix] = known[prefix]
    return dict(sorted(found.items()))


def contract(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI written short; as it is where no prefix fits."""
    prefix = _prefix(iri, prefixes)
    return iri if prefix is None else f"{prefix}:{iri[len(prefixes[prefix]) :]}"


def expand(text: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI that a text means: short, with a prefix of the map, or whole. None for neither."""
    short = _CURIE.fullmatch(text)
    if short and short[1] in prefixes:
        return prefixes[short[1]] + short[2]
    return text if is_iri(text) and "://" in text else None


def _prefix(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """The prefix with the longest namespace that an IRI begins with, something being left."""
    fitting = [prefix for prefix, namespace in prefixes.items() if iri.startswith(namespace) and len(iri) > len(namespace)]
    return max(fitting, key=lambda prefix: (len(prefixes[prefix]), prefix), default=None)
