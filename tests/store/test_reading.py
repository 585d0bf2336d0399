"""RDF that someone sends: read as the engine holds it, or refused with the place; nothing made to harm takes what it asks for."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.store import ResultFormat
from referentiel.store.reading import JSON_DEPTH, MEDIA_TYPES, XML_DEPTH, BadData, read, verbatim
from referentiel.store.writing import values, written

BASE = "http://ex.example/"
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://ex.example/">'
NUMBER = "<http://ex.example/a> <http://ex.example/b> 007 ."


def nested(levels: int) -> bytes:
    """RDF/XML with so many elements inside one another, the outermost included; an even number of nodes and properties."""
    pairs = (levels - 1) // 2
    return RDF + b"<rdf:Description><e:p>" * pairs + b"</e:p></rdf:Description>" * pairs + b"</rdf:RDF>"


def refusal(data: bytes, media_type: str) -> BadData:
    with pytest.raises(BadData) as caught:
        read(data, media_type, base=BASE)
    assert caught.value.reason
    return caught.value


def test_literals_are_what_the_engine_holds_or_as_they_are_written() -> None:
    (held,) = read(NUMBER.encode(), "text/turtle", base=BASE)[None]
    assert '"7"' in held
    (kept,) = verbatim(NUMBER.encode(), "text/turtle", base=BASE)
    assert '"007"' in kept
    for form in (ResultFormat.TURTLE, ResultFormat.N_TRIPLES, ResultFormat.RDF_XML, ResultFormat.JSON_LD):
        assert b"007" in written(kept.encode(), form)
    assert values(kept.encode()) == {f"{BASE}a": {f"{BASE}b": ["007"]}}


def test_what_is_written_can_be_read_by_graph() -> None:
    data = b"<a> <b> <c> . GRAPH <g> { <a> <b> <d> }"
    found = read(data, "application/trig", base=BASE)
    assert {name and str(name): len(lines) for name, lines in found.items()} == {None: 1, f"{BASE}g": 1}
    assert len(verbatim(data, "application/trig", base=BASE)) == 2


@pytest.mark.parametrize(
    ("media_type", "data", "line"),
    [
        ("text/turtle", b"<a> <b> <c> .\n<a> <b> .", 2),
        ("application/n-triples", b"<http://x/a> <http://x/b> .", 1),
        ("application/rdf+xml", RDF + b"\n<e:x></rdf:RDF>", 2),
        ("application/ld+json", b'{"@id": "x",\n}', 2),
        ("text/turtle", b'<a> <b> "\xff\xfe" .', 1),
        ("application/rdf+xml", b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY e "lol">]><x>&e;</x>', 2),
    ],
)
def test_a_fault_has_its_place(media_type: str, data: bytes, line: int) -> None:
    assert refusal(data, media_type).line == line


@pytest.mark.parametrize("encoding", ["hex", "idna", "punycode", "undefined", "no-such", "utf-7", "zlib_codec", "cp1252"])
def test_any_encoding_may_be_declared(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + RDF + b"</rdf:RDF>"
    with suppress(BadData):  # as Python or the engine knows the encoding
        assert read(data, "application/rdf+xml", base=BASE) == {}


def test_depth_has_a_bound() -> None:
    assert read(nested(XML_DEPTH - 1), "application/rdf+xml", base=BASE)
    assert str(XML_DEPTH) in refusal(nested(XML_DEPTH + 3), "application/rdf+xml").reason
    deep = '{"http://ex.example/p": ' * (JSON_DEPTH - 1) + "1" + "}" * (JSON_DEPTH - 1)
    assert read(deep.encode(), "application/ld+json", base=BASE)
    for opening, closing in (('{"http://ex.example/p": ', "}"), ("[", "]")):
        for depth in (JSON_DEPTH + 2, 200_000):
            assert refusal((opening * depth + "1" + closing * depth).encode(), "application/ld+json").reason


@pytest.mark.parametrize(
    "context",
    [
        "http://ex.example/c",
        ["http://ex.example/c"],
        {"@import": "http://ex.example/c"},
        {"p": {"@id": "e:p", "@context": "http://x/"}},
    ],
)
def test_no_context_is_fetched(context: object) -> None:
    document = {"@context": context, "@id": "http://ex.example/a", "p": {"http://ex.example/b": 1}}
    refusal(json.dumps(document).encode(), "application/ld+json")


def test_a_long_line_is_read_at_once() -> None:
    data = b'<a> <b> "' + b"x" * 10_000_000 + b'" .'
    assert read(data, "text/turtle", base=BASE)
    assert len(refusal(data[:-3], "text/turtle").excerpt) < 100


STARTS = {
    "text/turtle": [b"<a> <b> ", b"@prefix e: <x> . e:a e:b ", b""],
    "application/n-triples": [b"<http://x/a> <http://x/b> ", b""],
    "application/rdf+xml": [RDF, RDF + b"<e:a rdf:about='x'>", b"<?xml version='1.0'?>", b""],
    "application/ld+json": [b'{"@id": "x", "http://x/p": ', b'{"@context": ', b"[", b""],
    "application/trig": [b"<g> { <a> <b> ", b"GRAPH <g> {", b""],
    "application/n-quads": [b"<http://x/a> <http://x/b> <http://x/c> ", b""],
    "text/n3": [b"{ <a> <b> ", b"<a> => ", b""],
}
SIGNS = r"""<x> <http://x/é> "a"@fr "1"^^<http://x/t> "\uD800" "\x" _:b [ ] ( ) << >> <<( )>> { } . ; , ^ ! => @ @prefix a 1e9 -0
    "@type": "@graph":[] {"@value":1} {"@list":[ null NaN <e:p> </e:p> &lt; &#0; <![CDATA["""
PIECES = st.sampled_from([sign.encode() for sign in SIGNS.split()])


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_anything_is_read_or_refused(media_type: str, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(STARTS[media_type]))
    noise = data.draw(st.lists(PIECES | st.binary(max_size=6), max_size=12))
    sent = start + b" ".join(noise)
    for how in (read, verbatim):
        with suppress(BadData):
            how(sent, media_type, base=BASE)
