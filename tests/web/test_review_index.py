"""The index that is built in the background: never waited for, never built twice for one state."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event

import pytest

from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.finder import Finder
from referentiel.web.review_index import Index, NotReady


def small() -> Finder:
    """A finder over one concept."""
    return Finder([Concept("https://example.org/skill/1", ("souder des tubes",), Kind.SKILL, "esco")])


def becomes(condition: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_ready(index: Index) -> bool:
    try:
        return index() is not None
    except NotReady:
        return False


def test_nobody_waits_while_it_is_built_and_the_former_serves() -> None:
    may_end, state = Event(), [1]
    made: list[Finder] = []

    def build() -> Finder:
        assert may_end.wait(30)
        made.append(small())
        return made[-1]

    index = Index(build, lambda: state[0])
    for _ in range(3):
        with pytest.raises(NotReady) as caught:
            index()
        assert not caught.value.failed
    may_end.set()
    becomes(lambda: is_ready(index))
    assert index() is made[0]
    assert len(made) == 1, "once, however many ask"
    may_end.clear()
    state[0] = 2
    assert index() is made[0]
    may_end.set()
    becomes(lambda: len(made) == 2 and index() is made[1])


def test_what_can_not_be_built_is_told_and_tried_again_later(caplog: pytest.LogCaptureFixture) -> None:
    now, tried = [0.0], []

    def build() -> Finder:
        tried.append(now[0])
        raise OSError("no such folder")

    def failed(index: Index) -> bool:
        with pytest.raises(NotReady) as caught:
            index()
        return caught.value.failed

    index = Index(build, lambda: 1, lambda: now[0])
    with caplog.at_level(logging.ERROR):
        becomes(lambda: failed(index))
        assert "no such folder" in caplog.text
        for _ in range(5):
            assert failed(index)
        assert tried == [0]
        now[0] = 31
        becomes(lambda: failed(index) and len(tried) == 2)
