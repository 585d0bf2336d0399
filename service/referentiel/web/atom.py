"""Revisions as an Atom feed (RFC 4287), in archives that can be followed back to the first (RFC 5005, section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from referentiel.history import Revision
from referentiel.vocabulary import ATOM, FEED_HISTORY

MEDIA_TYPE: Final = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision: what it is called, what it did in words, and the addresses that it leads to, by link relation."""

    revision: Revision
    title: str
    summary: str
    links: Sequence[tuple[str, str]]


def feed(iri: str, title: str, author: str, entries: Sequence[Entry], links: Mapping[str, str], *, archive: bool) -> bytes:
    """A feed document, the newest entry first; `archive`: one that will not change any more."""
    root = Element("feed", {"xmlns": ATOM, "xmlns:fh": FEED_HISTORY})
    _text(root, "id", iri)
    _text(root, "title", title)
    _text(root, "updated", _moment(entries[-1].revision) if entries else "1970-01-01T00:00:00Z")
    _text(SubElement(root, "author"), "name", author)
    for relation, address in links.items():
        SubElement(root, "link", rel=relation, href=address)
    if archive:
        SubElement(root, "fh:archive")
    root.extend(_entry(entry) for entry in reversed(entries))
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(entry: Entry) -> Element:
    element = Element("entry")
    _text(element, "id", entry.revision.iri)
    _text(element, "title", entry.title)
    _text(element, "updated", _moment(entry.revision))
    _text(SubElement(element, "author"), "name", entry.revision.who)
    _text(element, "summary", entry.summary)
    for relation, address in entry.links:
        SubElement(element, "link", rel=relation, href=address)
    return element


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = "".join(_characters(text))


def _characters(text: str) -> Iterator[str]:
    """The characters that XML 1.0 allows (section 2.2)."""
    return (
        letter if letter in "\t\n\r" or " " <= letter < "\ufffe" or letter > "\uffff" else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )


def _moment(revision: Revision) -> str:
    return revision.at.isoformat().replace("+00:00", "Z")
