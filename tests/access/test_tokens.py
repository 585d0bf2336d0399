from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.access import DamagedTokens, Identity, Tokens, UnfitToken, UnknownToken

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "tokens.json"


def id_of(text: str) -> str:
    return text.split("_")[1]


def test_a_token_says_who_holds_it_and_what_they_may(path: Path) -> None:
    text = Tokens(path).create("École", ["write", "withdraw"], ["RNCP1*", "RS2"])
    assert re.fullmatch(r"ref_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", text)
    assert Tokens(path).identify(text) == Identity("École", frozenset({"write", "withdraw"}), ("RNCP1*", "RS2"))


def test_by_default_it_writes_certifications_and_nothing_else(path: Path) -> None:
    tokens = Tokens(path)
    identity = tokens.identify(tokens.create("a"))
    assert identity == Identity("a", frozenset({"write"}), ("*",))


def test_the_file_holds_neither_the_token_nor_what_opens_without_salt(path: Path) -> None:
    tokens = Tokens(path)
    texts = [tokens.create("a") for _ in range(3)]
    kept = path.read_text(encoding="utf-8")
    assert not any(text.split("_", 2)[2] in kept for text in texts)
    entries = json.loads(kept)["tokens"]
    assert len({entry["salt"] for entry in entries}) == len({entry["digest"] for entry in entries}) == 3
    for text, entry in zip(texts, entries, strict=True):
        salt, secret = bytes.fromhex(entry["salt"]), text.split("_", 2)[2].encode()
        assert len(salt) == 16
        assert entry["digest"] == sha256(salt + secret).hexdigest()
    assert not any(bytes.fromhex(entry[part]).hex() in repr(tokens.listed()) for entry in entries for part in ("salt", "digest"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text + "\n",
        lambda text: text.upper(),
        lambda text: "ref_000000000000_" + text.split("_", 2)[2],
        lambda text: text.split("_", 2)[2],
        lambda text: "",
        lambda text: "ref_000000000000_" + "A" * 43,
    ],
)
def test_anything_but_the_very_token_is_nobody(path: Path, change: Callable[[str], str]) -> None:
    tokens = Tokens(path)
    text = tokens.create("a")
    assert tokens.identify(change(text)) is None
    assert tokens.identify(text) is not None


@given(st.text())
def test_whatever_is_sent_is_nobody(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assert Tokens(tmp_path_factory.getbasetemp() / "none.json").identify(text) is None


def test_without_a_file_nobody_holds_a_token(path: Path) -> None:
    assert Tokens(path).identify("ref_000000000000_" + "A" * 43) is None
    assert Tokens(path).listed() == ()
    assert not path.parent.exists()


def test_a_revocation_works_at_once_in_those_that_have_read_the_file(path: Path) -> None:
    serving, operator = Tokens(path), Tokens(path)
    kept, lost = operator.create("kept"), operator.create("lost")
    assert serving.identify(lost) is not None
    assert operator.revoke(id_of(lost)).revoked is not None
    assert serving.identify(lost) is None
    assert serving.identify(kept) is not None
    assert serving.identify(operator.create("new")) is not None


def test_revoking_twice_keeps_the_first_moment(path: Path) -> None:
    clock = Clock()
    tokens = Tokens(path, clock)
    id_ = id_of(tokens.create("a"))
    tokens.revoke(id_)
    clock.now += timedelta(days=1)
    assert tokens.revoke(id_).revoked == NOON


def test_what_is_unknown_can_not_be_revoked(path: Path) -> None:
    tokens = Tokens(path)
    tokens.create("a")
    with pytest.raises(UnknownToken):
        tokens.revoke("000000000000")


def test_a_token_ends_when_it_was_said_to(path: Path) -> None:
    clock = Clock()
    tokens = Tokens(path, clock)
    text = tokens.create("a", expires=NOON + timedelta(days=1))
    clock.now = NOON + timedelta(days=1, microseconds=-1)
    assert tokens.identify(text) is not None
    clock.now = NOON + timedelta(days=1)
    assert tokens.identify(text) is None


def test_its_use_is_noted_once_a_day(path: Path) -> None:
    clock = Clock()
    tokens = Tokens(path, clock)
    text = tokens.create("a")
    assert tokens.listed()[0].last_used is None
    tokens.identify(text)
    written = path.stat().st_ino, path.stat().st_mtime_ns
    clock.now += timedelta(hours=11)
    tokens.identify(text)
    Tokens(path, clock).identify(text)  # as another process, or this one after a new start
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == written
    assert tokens.listed()[0].last_used == NOON.date()
    clock.now += timedelta(hours=1)
    tokens.identify(text)
    assert tokens.listed()[0].last_used == NOON.date() + timedelta(days=1)


def test_a_wrong_token_notes_nothing(path: Path) -> None:
    tokens = Tokens(path)
    text = tokens.create("a")
    tokens.identify(text[:-4] + "AAAA")
    assert tokens.listed()[0].last_used is None


def test_a_use_that_can_not_be_noted_keeps_nobody_out_or_waiting(path: Path) -> None:
    tokens = Tokens(path)
    text = tokens.create("a")
    with path.with_suffix(".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as another process that changes the file
        assert tokens.identify(text) is not None
    assert tokens.listed()[0].last_used is None


@pytest.mark.parametrize(
    ("part", "options"),
    [
        ("name", {"name": ""}),
        ("name", {"name": " a"}),
        ("name", {"name": "a\x1b[31m"}),
        ("name", {"name": "x" * 101}),
        ("name", {"name": "local"}),
        ("name", {"name": "referentiel"}),
        ("operations", {"operations": []}),
        ("operations", {"operations": ["read"]}),
        ("certifications", {"certifications": ["[a]"]}),
        ("certifications", {"certifications": []}),
        ("expires", {"expires": NOON}),
    ],
)
def test_what_is_unfit_is_refused_before_anything_is_written(path: Path, part: str, options: dict[str, object]) -> None:
    with pytest.raises(UnfitToken) as refused:
        Tokens(path, Clock()).create(**{"name": "a", **options})  # type: ignore[arg-type]
    assert refused.value.part == part
    assert not path.exists()


def test_only_its_owner_reads_and_writes_the_file(path: Path) -> None:
    former = os.umask(0)
    try:
        Tokens(path).create("a")
    finally:
        os.umask(former)
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert {file.name for file in path.parent.iterdir()} == {"tokens.json", "tokens.lock"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_writes_belongs_to_who_owns_the_store(path: Path) -> None:
    path.parent.mkdir()
    os.chown(path.parent, 12345, 12345)
    Tokens(path).create("a")
    assert {(file.stat().st_uid, file.stat().st_gid) for file in path.parent.iterdir()} == {(12345, 12345)}


def test_a_file_that_others_may_write_is_not_believed(path: Path) -> None:
    tokens = Tokens(path)
    text = tokens.create("a")
    path.chmod(0o620)
    with pytest.raises(DamagedTokens, match="0600"):
        tokens.identify(text)
    path.chmod(0o600)
    assert tokens.identify(text) is not None


def damage(change: Callable[[dict[str, object]], object]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        document = json.loads(text)
        change(document["tokens"][0])
        return json.dumps(document)

    return changed


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[" * 100_000,
        lambda text: "[]",
        lambda text: "{}",
        lambda text: text.replace('"version": 1', '"version": 2'),
        lambda text: '{"version": 1, "tokens": [1]}',
        lambda text: '{"version": 1, "tokens": 1}',
        damage(lambda entry: entry.update(operations=["all"])),
        damage(lambda entry: entry.update(operations=3)),
        damage(lambda entry: entry.update(certifications=["[a-z]*"])),
        damage(lambda entry: entry.update(certifications=[["*"]])),
        damage(lambda entry: entry.update(salt="zz")),
        damage(lambda entry: entry.update(digest=None)),
        damage(lambda entry: entry.update(expires="tomorrow")),
        damage(lambda entry: entry.update(expires="2026-11-23")),
        damage(lambda entry: entry.update(revoked=5)),
        damage(lambda entry: entry.pop("revoked")),
        damage(lambda entry: entry.pop("expires")),
        damage(lambda entry: entry.update(name=7)),
        damage(lambda entry: entry.update(id=[])),
    ],
)
def test_a_damaged_file_is_told_and_nothing_is_written_over_it(path: Path, change: Callable[[str], str]) -> None:
    text = Tokens(path).create("a")
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    damaged, tokens = path.read_bytes(), Tokens(path)
    calls: list[Callable[[], object]] = [
        lambda: tokens.identify(text),
        lambda: tokens.identify("x"),
        tokens.listed,
        lambda: tokens.create("b"),
        lambda: tokens.revoke(id_of(text)),
    ]
    for call in calls:
        with pytest.raises(DamagedTokens, match=re.escape(str(path))):
            call()
    assert path.read_bytes() == damaged


def test_a_file_that_is_mended_is_read_again(path: Path) -> None:
    tokens = Tokens(path)
    text = tokens.create("a")
    whole = path.read_bytes()
    path.write_bytes(b"{")
    with pytest.raises(DamagedTokens):
        tokens.identify(text)
    path.write_bytes(whole)
    assert tokens.identify(text) is not None


OTHER_PROCESS = """
import pathlib, sys
from referentiel.access import Tokens
tokens = Tokens(pathlib.Path(sys.argv[1]))
for turn in range(5):
    tokens.revoke(tokens.create(f"{sys.argv[2]}-{turn}").split("_")[1])
"""


def test_several_processes_lose_nothing_of_each_other(path: Path) -> None:
    workers = [subprocess.Popen([sys.executable, "-c", OTHER_PROCESS, path, str(number)]) for number in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    listed = Tokens(path).listed()
    assert {token.name for token in listed} == {f"{number}-{turn}" for number in range(3) for turn in range(5)}
    assert all(token.revoked for token in listed)


FULL_DISK = """
import errno, pathlib, resource, sys
from referentiel.access import Tokens
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    Tokens(pathlib.Path(sys.argv[1])).create("b")
except OSError as error:
    sys.exit(error.errno)
"""


def test_a_write_that_fails_leaves_the_former_file_and_no_other(path: Path) -> None:
    tokens = Tokens(path)
    text = tokens.create("a")
    assert subprocess.run([sys.executable, "-c", FULL_DISK, path], check=False).returncode == errno.EFBIG
    assert [token.name for token in tokens.listed()] == ["a"]
    assert tokens.identify(text) is not None
    assert {file.name for file in path.parent.iterdir()} == {"tokens.json", "tokens.lock"}
