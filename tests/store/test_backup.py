"""A backup is what was packed, to the byte, or it is refused."""

from __future__ import annotations

import hashlib
import io
import random
import tarfile
from pathlib import Path

import pytest

from referentiel.store.backup import pack, unpack
from referentiel.store.manifest import MANIFEST, DamagedBackup, Facts, Manifest

FACTS = Facts(software="1.0", at="2026-01-01T00:00:00+00:00", base="https://base.example/é/", head=2, triples=3, graphs=1)
FILES = {
    "live/CURRENT": b"MANIFEST-000005\n",
    "live/000011.sst": bytes(range(256)) * 40,
    "live/000012.log": b"",
    "history/1.patch.gz": b"one",
    "history/2.patch.gz": b"two",
    "tokens.json": b"{}",
}
LEFT_OUT = {
    "live/LOCK": b"",
    "live/LOG": b"told",
    "live/LOG.old.1795474795996150": b"told",
    "serving.sock": b"",
    "history/.3.patch.gz": b"unfinished",
    "generations/x/CURRENT": b"x",
}


def ignored(_: int) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    for name, data in (FILES | LEFT_OUT).items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(data)
    return made


@pytest.fixture
def packed(folder: Path) -> bytes:
    sink = io.BytesIO()
    pack(folder, FACTS, sink, ignored)
    return sink.getvalue()


def found(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unpacked(data: bytes, folder: Path) -> Manifest:
    folder.mkdir()
    return unpack(io.BytesIO(data), folder, ignored)[0]


def test_what_is_packed_comes_back(folder: Path, tmp_path: Path) -> None:
    sink, told = io.BytesIO(), list[int]()
    digest = pack(folder, FACTS, sink, told.append)
    assert digest == hashlib.sha256(sink.getvalue()).hexdigest()
    assert sum(told) == sum(map(len, FILES.values()))
    target = tmp_path / "target"
    target.mkdir()
    manifest, same = unpack(io.BytesIO(sink.getvalue()), target, told.append)
    assert same == digest
    assert manifest.facts == FACTS
    assert manifest.files == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in FILES.items()}
    assert found(target) == FILES


def test_equal_stores_make_equal_backups(folder: Path, packed: bytes) -> None:
    sink = io.BytesIO()
    pack(folder, FACTS, sink, ignored)
    assert sink.getvalue() == packed


def test_no_damaged_byte_goes_unseen(packed: bytes, tmp_path: Path) -> None:
    chance = random.Random(4)
    refused = 0
    for attempt in range(300):
        place = chance.randrange(len(packed))
        damaged = bytearray(packed)
        damaged[place] ^= 1 << chance.randrange(8)
        target = tmp_path / str(attempt)
        try:
            manifest = unpacked(bytes(damaged), target)
        except DamagedBackup:
            refused += 1
        else:
            assert (manifest.facts, found(target)) == (FACTS, FILES), f"byte {place} was damaged"
    assert refused > 150, "most of an archive says something"


def test_no_shortened_backup_is_taken_for_a_whole_one(packed: bytes, tmp_path: Path) -> None:
    end = packed.rindex(b"}") + 1
    for attempt, length in enumerate([0, 1, 511, 512, 513, 1024, *range(2000, end, 700), end - 1]):
        with pytest.raises(DamagedBackup):
            unpacked(packed[:length], tmp_path / str(attempt))


def test_the_file_at_fault_is_named(folder: Path, packed: bytes, tmp_path: Path) -> None:
    place = packed.index(bytes(range(256))) + 100
    damaged = packed[:place] + b"\0" + packed[place + 1 :]
    with pytest.raises(DamagedBackup) as caught:
        unpacked(damaged, tmp_path / "target")
    assert caught.value.name == "live/000011.sst"


@pytest.mark.parametrize(("said", "instead"), [(b'"head": 2', b'"head": 3'), (b'"format": 1', b'"format": 2')])
def test_a_manifest_that_says_something_else_is_refused(packed: bytes, tmp_path: Path, said: bytes, instead: bytes) -> None:
    assert packed.count(said) == 1
    with pytest.raises(DamagedBackup) as caught:
        unpacked(packed.replace(said, instead), tmp_path / "target")
    assert caught.value.name == MANIFEST


def archive(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as written:
        for member, data in members:
            member.size = len(data)
            written.addfile(member, io.BytesIO(data))
    return sink.getvalue()


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../escaped"),
        tarfile.TarInfo("/tmp/escaped"),
        tarfile.TarInfo("live/../../escaped"),
        tarfile.TarInfo("live/sub/CURRENT"),
        tarfile.TarInfo("live/.."),
        tarfile.TarInfo("serving.sock"),
        link("live/CURRENT", "/etc/passwd", tarfile.SYMTYPE),
        link("tokens.json", "live/CURRENT", tarfile.LNKTYPE),
        link("live/pipe", "", tarfile.FIFOTYPE),
        link("live", "", tarfile.DIRTYPE),
    ],
    ids=lambda member: f"{member.name} {member.type!r}",
)
def test_what_is_no_part_of_a_store_is_not_written(tmp_path: Path, member: tarfile.TarInfo) -> None:
    with pytest.raises(DamagedBackup, match="no such file"):
        unpacked(archive((member, b"")), tmp_path / "target")
    assert not found(tmp_path)


@pytest.mark.parametrize(("kept", "listed", "fault"), [("12", "1", "does not name"), ("1", "12", "missing"), ("11", "1", "twice")])
def test_an_archive_holds_what_its_manifest_says_once(tmp_path: Path, kept: str, listed: str, fault: str) -> None:
    said = {f"live/{name}": (1, hashlib.sha256(name.encode()).hexdigest()) for name in listed}
    members = [(tarfile.TarInfo(f"live/{name}"), name.encode()) for name in kept]
    data = archive(*members, (tarfile.TarInfo(MANIFEST), Manifest(FACTS, said).to_json()))
    with pytest.raises(DamagedBackup, match=fault):
        unpacked(data, tmp_path / "target")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b"\xff", b'{"sha256": 1}', b"x" * 100])
def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DamagedBackup) as caught:
        unpacked(archive((tarfile.TarInfo(MANIFEST), data)), tmp_path / "target")
    assert caught.value.name == MANIFEST


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    for attempt, data in enumerate([b"no archive", random.Random(1).randbytes(5000)]):
        with pytest.raises(DamagedBackup):
            unpacked(data, tmp_path / str(attempt))
