"""Lines of N-Triples, as the engine writes them: two that are equal say the same (see store.changes)."""

from __future__ import annotations

import re
from typing import Final

_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_LONE: Final = re.compile("[\ud800-\udfff]")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([a-z0-9-]+)|\^\^<([^>]*)>)? \.')
_ESCAPED: Final = re.compile(r"\\(.)")
_READ: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def link(subject: str, predicate: str, target: str) -> str:
    """A link between two IRIs."""
    return f"<{subject}> <{predicate}> <{target}> ."


def text(subject: str, predicate: str, value: str, language: str) -> str:
    """A text in a language, whose tag is in small letters. The value is clean (`on_one_line`, `on_lines`)."""
    return f'<{subject}> <{predicate}> "{value.translate(_ESCAPES)}"@{language} .'


def plain(subject: str, predicate: str, value: str, datatype: str = "") -> str:
    """A clean value without a language; of type xsd:string without a datatype."""
    kind = f"^^<{datatype}>" if datatype else ""
    return f'<{subject}> <{predicate}> "{value.translate(_ESCAPES)}"{kind} .'


def on_one_line(value: str) -> str:
    """A label: words between single spaces."""
    return " ".join(_LONE.sub("\ufffd", _CONTROL.sub(" ", value)).split())


def on_lines(value: str) -> str:
    """A note: its lines without what stands around them."""
    whole = _LONE.sub("\ufffd", _CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")))
    return "\n".join(" ".join(line.split()) for line in whole.split("\n")).strip()


def literal(term: str) -> tuple[str, str] | None:
    """The text and the language tag of the end of a line, `"…"@fr .`; None when it is no literal."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        return None
    return _ESCAPED.sub(lambda escape: _READ.get(escape[1], escape[1]), match[1]), match[2] or ""
