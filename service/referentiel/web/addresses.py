"""Where an IRI of ours is found on this service, and the other way round. Nothing here looks at the Host header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from rdflib import URIRef

from referentiel.settings import Settings
from referentiel.vocabulary import ROOT

_IRI = re.compile(r"""[^\x00-\x20\x7f-\x9f<>"{}|^`\\\ud800-\udfff]+""")
_SAFE = "/:@!$&'()*+,;=~%"
_LONGEST = 2000
"""Characters of the longest IRI (gate.structure)."""
_DOCUMENT = re.compile(r"ns|shapes|library|(?:scheme|alignment)/[^/]+|ns/[^/]+")


@dataclass(frozen=True, slots=True)
class Addresses:
    """IRIs <-> local paths, from the settings alone."""

    settings: Settings

    @property
    def prefix(self) -> str:
        """The path below which a proxy shows this service; empty when it stands at the root."""
        return urlsplit(self.settings.public_url or "").path

    def path(self, local: str) -> str:
        """A path of this service as a link that works from any page, percent-encoded."""
        return self.prefix + quote(local, safe=_SAFE)

    def public(self, local: str) -> str:
        """The absolute address of a path where the settings give one, else the path: a relative reference (RFC 3986, 4.2)."""
        return (self.settings.public_url or "") + quote(local, safe=_SAFE)

    @property
    def context(self) -> str:
        """The address of the JSON-LD context that documents name: public, or that of the vocabulary."""
        return f"{self.settings.public_url or ROOT.rstrip('/')}/context.jsonld"

    @property
    def endpoint(self) -> str:
        """The absolute address of the SPARQL endpoint: the base of relative IRIs in queries (SPARQL 1.1 Protocol, section 4)."""
        return f"{self.settings.public_url or ROOT.rstrip('/')}/sparql"

    def resource(self, rest: str) -> URIRef | None:
        """The IRI of the resource that `/id/` and `/doc/` followed by `rest` stand for; None when it could be no IRI."""
        return _iri(self.settings.base + rest)

    def document(self, path: str) -> URIRef | None:
        """The IRI of the ontology, the shapes, a scheme or an alignment that stands at `path`."""
        return _iri(ROOT + path) if _DOCUMENT.fullmatch(path) else None

    def of(self, iri: str) -> str | None:
        """The local page of an IRI, None for an IRI that is not ours."""
        if iri.startswith(self.settings.base) and iri != self.settings.base:
            return self.path("/doc/" + iri.removeprefix(self.settings.base))
        document, hash_sign, term = iri.removeprefix(ROOT).partition("#")
        if iri.startswith(ROOT) and _DOCUMENT.fullmatch(document):
            return self.path(f"/{document}") + hash_sign + quote(term, safe=_SAFE)
        return None

    def foreign(self, iri: str, suffix: str = "") -> str:
        """The local page of an IRI of others, or its document in the format of a suffix (`.ttl`)."""
        return f"{self.path(f'/doc{suffix}')}?{urlencode({'iri': iri}, quote_via=quote)}"

    def foreign_iri(self, text: str) -> URIRef | None:
        """An IRI that somebody gives, relative ones left out; None when it could be none, or is longer than any in the store."""
        try:
            return _iri(text) if len(text) <= _LONGEST and urlsplit(text).scheme else None
        except ValueError:  # what stands for its host is none
            return None


def _iri(text: str) -> URIRef | None:
    """An IRI that can be written between angle brackets in SPARQL (SPARQL 1.1, IRIREF), or None."""
    return URIRef(text) if _IRI.fullmatch(text) else None
