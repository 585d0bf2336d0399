"""`referentiel backup` and `restore`, as an operator calls them."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from command import COMMAND, run
from durability.load import Client, books
from durability.revisions import BASE, NAME, write
from endpoint import until
from referentiel.access import OPERATIONS, Tokens
from referentiel.history import History
from referentiel.store import open_store
from test_serving import ready, served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, and its backup."""
    above = tmp_path_factory.mktemp("backup")
    folder = above / "store"
    engine = open_store(folder)
    write(engine, 3)
    engine.close()
    (folder / "tokens.json").write_text("{}")
    (folder / "history" / "4.patch.gz").write_bytes(b"of a write that came to nothing")
    done = run("backup", "saved.tar", cwd=above)
    assert done.returncode == 0, done.stderr
    return above


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "store", tmp_path / "store"))


@pytest.fixture
def saved(made: Path, store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(made / "saved.tar", tmp_path / "saved.tar"))


def state(folder: Path) -> tuple[int, frozenset[str], set[str]]:
    engine = open_store(folder)
    history = History(engine, BASE)
    history.check()
    held = history.head, engine.statements(NAME), {path.name for path in (folder / "history").iterdir()}
    engine.close()
    return held


def test_a_store_comes_back_with_its_history_and_nothing_else(store: Path, tmp_path: Path) -> None:
    done = run("backup", "saved.tar", cwd=tmp_path)
    saved = tmp_path / "saved.tar"
    assert (done.returncode, done.stdout) == (0, "")
    assert "Sauvé : révision 3," in done.stderr
    assert hashlib.sha256(saved.read_bytes()).hexdigest() in done.stderr
    assert saved.stat().st_mode & 0o777 == 0o600
    assert not list((store / "generations").iterdir())
    done = run("restore", "saved.tar", "--store", "back", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rétabli dans back : révision 3," in done.stdout
    assert hashlib.sha256(saved.read_bytes()).hexdigest() in done.stdout
    head, held, patches = state(tmp_path / "back")
    assert (head, held) == state(store)[:2]
    assert patches == {"1.patch.gz", "2.patch.gz", "3.patch.gz"}, "what came to nothing is left out"
    assert (tmp_path / "back" / "tokens.json").read_text() == "{}"
    assert {path.name for path in tmp_path.iterdir()} == {"store", "saved.tar", "back"}


def test_a_backup_can_be_streamed(saved: Path, tmp_path: Path) -> None:
    command = [str(COMMAND), "backup", "-", "--store", str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, check=True)
    (tmp_path / "streamed.tar").write_bytes(done.stdout)
    assert run("restore", "streamed.tar", "--store", "back", cwd=tmp_path).returncode == 0


def test_a_backup_that_is_interrupted_leaves_nothing(store: Path, tmp_path: Path) -> None:
    command = [str(COMMAND), "backup", "-", "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)  # it writes, and nobody reads the rest
        assert list((store / "generations").iterdir())
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert (process.returncode, said.strip()) == (130, b"Interrompu.")
    assert not list((store / "generations").iterdir())
    assert state(store)[0] == 3


def test_nothing_is_overwritten_unless_asked(saved: Path, tmp_path: Path) -> None:
    before = saved.read_bytes()
    done = run("backup", "saved.tar", cwd=tmp_path)
    assert (done.returncode, saved.read_bytes()) == (1, before)
    assert "--force" in done.stderr
    done = run("restore", "saved.tar", cwd=tmp_path)
    assert done.returncode == 1
    assert "--force" in done.stderr
    assert run("backup", "saved.tar", "--force", cwd=tmp_path).returncode == 0


def test_a_store_that_is_replaced_is_kept_and_its_tokens_stay(store: Path, saved: Path, tmp_path: Path) -> None:
    engine = open_store(store)
    write(engine, 2)
    engine.close()
    (store / "tokens.json").write_text('{"newer": true}')
    done = run("restore", "saved.tar", "--force", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert state(store)[0] == 3
    assert (store / "tokens.json").read_text() == '{"newer": true}', "what was revoked since stays revoked"
    [kept] = tmp_path.glob("store.*")
    assert str(kept) in done.stdout
    assert state(kept)[0] == 5


def test_a_damaged_store_can_be_replaced(store: Path, saved: Path, tmp_path: Path) -> None:
    (store / "live" / "CURRENT").unlink()
    assert run("backup", "other.tar", cwd=tmp_path).returncode == 1
    assert run("restore", "saved.tar", "--force", cwd=tmp_path).returncode == 0
    assert state(store)[0] == 3


def test_a_store_in_use_is_not_put_aside(store: Path, saved: Path, tmp_path: Path) -> None:
    with (store / "live" / "LOCK").open("ab") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        done = run("restore", "saved.tar", "--force", cwd=tmp_path)
    assert done.returncode == 1
    assert "arrêtez-le" in done.stderr
    assert state(store)[0] == 3


@pytest.mark.parametrize("where", [0.02, 0.5, 0.99])
def test_a_damaged_backup_is_refused_with_the_file_at_fault(saved: Path, tmp_path: Path, where: float) -> None:
    data = bytearray(saved.read_bytes())
    place = int(where * data.rindex(b"}"))
    data[place : place + 600] = bytes(600)
    saved.write_bytes(data)
    done = run("restore", "saved.tar", "--store", "back", cwd=tmp_path)
    assert done.returncode == 1
    assert "est abîmée, fichier " in done.stderr
    assert "Rien n'a été changé" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"store", "saved.tar"}


def test_a_patch_that_is_not_what_was_written_is_found_before_it_is_packed(store: Path, tmp_path: Path) -> None:
    patches = store / "history"
    shutil.copyfile(patches / "1.patch.gz", patches / "2.patch.gz")
    done = run("backup", "saved.tar", cwd=tmp_path)
    assert done.returncode == 1
    assert "2.patch.gz" in done.stderr
    (patches / "2.patch.gz").unlink()
    done = run("backup", "saved.tar", cwd=tmp_path)
    assert done.returncode == 1
    assert "2.patch.gz" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"store"}


def test_another_base_would_leave_the_history_out_and_is_refused(store: Path, tmp_path: Path) -> None:
    done = run("backup", "saved.tar", cwd=tmp_path, REFERENTIEL_BASE="https://other.example/")
    assert done.returncode == 1
    assert "REFERENTIEL_BASE" in done.stderr


def test_who_restores_is_told_of_its_base(saved: Path, tmp_path: Path) -> None:
    done = run("restore", "saved.tar", "--store", "back", cwd=tmp_path, REFERENTIEL_BASE="https://other.example/")
    assert done.returncode == 0
    assert f"REFERENTIEL_BASE={BASE}" in done.stderr


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    for arguments in (("backup", "saved.tar"), ("restore", "saved.tar")):
        done = run(*arguments, cwd=tmp_path)
        assert done.returncode == 1
        assert "Refusé" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "store").exists()


def test_a_backup_that_does_not_fit_leaves_nothing(store: Path, tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))"
    command = [
        sys.executable,
        "-c",
        f"{limit}; from referentiel.cli import main; main()",
        "backup",
        "saved.tar",
        "--store",
        str(store),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Rien n'en reste" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"store"}
    assert state(store)[0] == 3


def test_a_store_is_saved_while_it_is_served_and_written_to(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with served(store) as (address, _):
        ready(address)
        [book] = books(0, 1)
        client = Client(
            int(address.rpartition(":")[2]), Tokens(store / "tokens.json").create("test", operations=OPERATIONS), [book], 1
        )
        client.start()
        until(lambda: len(book.acknowledged) > 2)
        known = len(book.acknowledged)
        assert httpx.post(f"{address}/checkpoints").status_code == 401, "only over the socket of the store"
        done = run("backup", "saved.tar", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        until(lambda: len(book.acknowledged) > known + 1)
    client.join(60)
    assert client.unexpected is None
    done = run("restore", "saved.tar", "--store", "back", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    engine = open_store(tmp_path / "back")
    history = History(engine, BASE)
    history.check()
    states = dict(book.acknowledged)
    assert book.acknowledged[known - 1][0] <= history.head, "what was acknowledged before is in it"
    assert engine.statements(book.name) == states.get(history.head, book.pending)
    engine.close()
