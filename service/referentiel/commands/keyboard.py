"""Keys as they are typed. What is typed ahead, while an answer is being worked out, is not lost."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

END: Final = ""
"""What is read where nothing more will come."""

_ESCAPE: Final = b"\x1b"
_SOON: Final = 0.05
"""Seconds in which the rest of a key that sends several bytes follows."""


class Keyboard:
    """The standard input: a terminal, or lines of which each one's first letter is a key."""

    def __init__(self) -> None:
        self._terminal = sys.stdin.isatty()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take keys without the return key, and without showing them; the terminal is as it was afterwards."""
        if not self._terminal:
            yield
            return
        before = termios.tcgetattr(sys.stdin)
        try:
            tty.setcbreak(sys.stdin, termios.TCSANOW)  # by default what was typed ahead would be thrown away
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSANOW, before)

    def key(self) -> str:
        """The next key, END at the end."""
        if not self._terminal:
            line = sys.stdin.readline()
            return (line.rstrip("\n")[:1] or "\n") if line else END
        typed = os.read(sys.stdin.fileno(), 1)
        while (typed[:1] == _ESCAPE and len(typed) < 3) or _is_part(typed):  # an arrow; a letter with an accent
            if not select.select([sys.stdin], [], [], _SOON)[0]:
                break
            typed += os.read(sys.stdin.fileno(), 1)
        return END if typed == b"\x04" else typed.decode(errors="replace")

    def line(self, prompt: str) -> str:
        """A line of text; what can't be shown is left out."""
        click.echo(prompt, nl=False)
        if self._terminal:
            with _cooked():
                line = sys.stdin.readline()
        else:
            line = sys.stdin.readline()
        return "".join(letter for letter in line if letter.isprintable()).strip()


@contextmanager
def _cooked() -> Iterator[None]:
    """Let the terminal show and correct what is typed, for one line."""
    before = termios.tcgetattr(sys.stdin)
    after = termios.tcgetattr(sys.stdin)
    after[3] |= termios.ICANON | termios.ECHO
    try:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, after)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def _is_part(typed: bytes) -> bool:
    """Whether more bytes must follow to make a letter (UTF-8)."""
    try:
        typed.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False
