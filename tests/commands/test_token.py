"""`referentiel token …` as an operator types it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from command import COMMAND, run
from endpoint import until
from referentiel.access import Identity, Tokens


def made(cwd: Path, *options: str) -> str:
    """The text of a new token."""
    done = run("token", "create", "--name", "École", *options, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tokens(cwd: Path) -> Tokens:
    return Tokens(cwd / "store" / "tokens.json")


def test_a_token_is_shown_once_alone_on_the_standard_output(tmp_path: Path) -> None:
    done = run("token", "create", "--name", "École", cwd=tmp_path)
    assert re.fullmatch(r"ref_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n", done.stdout)
    assert "Il ne sera plus jamais affiché" in done.stderr
    assert "Authorization: Bearer" in done.stderr
    listed = run("token", "list", cwd=tmp_path)
    secret = done.stdout.strip().split("_", 2)[2]
    assert secret not in listed.stdout + listed.stderr + (tmp_path / "store" / "tokens.json").read_text(encoding="utf-8")


def test_what_it_may_is_said_by_options(tmp_path: Path) -> None:
    text = made(tmp_path, "--certification", "RNCP*", "--certification", "RS1", "--operation", "withdraw", "--operation", "write")
    identity = tokens(tmp_path).identify(text.strip())
    assert identity == Identity("École", frozenset({"write", "withdraw"}), ("RNCP*", "RS1"))


def test_by_default_it_writes_every_certification_for_ever(tmp_path: Path) -> None:
    assert tokens(tmp_path).identify(made(tmp_path).strip()) == Identity("École", frozenset({"write"}), ("*",))
    assert tokens(tmp_path).listed()[0].expires is None


def test_an_end_is_days_or_the_last_day(tmp_path: Path) -> None:
    made(tmp_path, "--expires", "90d")
    made(tmp_path, "--expires", "2999-12-31")
    days, date = (token.expires for token in tokens(tmp_path).listed())
    assert days is not None
    assert timedelta(days=89) < days - datetime.now(UTC) < timedelta(days=91)
    assert date == datetime(3000, 1, 1, tzinfo=UTC)
    assert "2999-12-31" in run("token", "list", cwd=tmp_path).stdout


def test_the_list_is_a_table(tmp_path: Path) -> None:
    text = made(tmp_path, "--certification", "RNCP*")
    lost = made(tmp_path)
    tokens(tmp_path).identify(text.strip())
    assert run("token", "revoke", lost.split("_")[1], cwd=tmp_path).returncode == 0
    head, first, second = run("token", "list", cwd=tmp_path).stdout.splitlines()
    assert head.split() == ["JETON", "NOM", "OPÉRATIONS", "CERTIFICATIONS", "CRÉÉ", "EXPIRE", "SERVI", "ÉTAT"]
    today = str(datetime.now(UTC).date())
    assert first.split() == [text.split("_")[1], "École", "write", "RNCP*", today, "jamais", today, "valide"]
    assert second.split()[-3:] == ["jamais", "jamais", "révoqué"]
    assert first.index("RNCP*") == head.index("CERTIFICATIONS")


def test_an_expired_token_is_listed_as_such(tmp_path: Path) -> None:
    made(tmp_path, "--expires", "1d")
    path = tmp_path / "store" / "tokens.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["tokens"][0]["expires"] = "2020-01-01T00:00:00+00:00"
    path.write_text(json.dumps(document), encoding="utf-8")
    row = run("token", "list", cwd=tmp_path).stdout.splitlines()[1].split()
    assert (row[-3], row[-1]) == ("2019-12-31", "expiré")


def test_without_tokens_the_list_says_how_to_make_one(tmp_path: Path) -> None:
    done = run("token", "list", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "referentiel token create" in done.stderr


def test_a_revoked_token_opens_nothing(tmp_path: Path) -> None:
    text = made(tmp_path).strip()
    serving = tokens(tmp_path)
    assert serving.identify(text) is not None
    done = run("token", "revoke", text.split("_")[1], cwd=tmp_path)
    assert done.stdout == f"Jeton {text.split('_')[1]} (École) : révoqué.\n"
    assert serving.identify(text) is None


def test_what_is_unknown_is_not_revoked(tmp_path: Path) -> None:
    done = run("token", "revoke", "0123456789ab", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "Refusé : aucun jeton n'a cet identifiant. Pour les voir : referentiel token list\n"


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--name", ""], 1, "--name"),
        (["--name", "local"], 1, "--name"),
        (["--name", "a", "--certification", "[A-Z]"], 1, "--certification"),
        (["--name", "a", "--expires", "0d"], 1, "--expires"),
        (["--name", "a", "--expires", "2020-01-01"], 1, "--expires"),
        (["--name", "a", "--expires", "tomorrow"], 1, "--expires"),
        (["--name", "a", "--expires", "2026-02-30"], 1, "--expires"),
        (["--name", "a", "--expires", "99999d"], 0, ""),
        (["--name", "a", "--expires", "9999-12-31"], 1, "--expires"),
        ([], 2, "il manque --name"),
        (["--name", "a", "--operation", "read"], 2, "--operation attend l'un des mots write, withdraw, graphs."),
    ],
)
def test_what_can_not_be_is_refused_in_french(tmp_path: Path, options: list[str], status: int, told: str) -> None:
    done = run("token", "create", *options, cwd=tmp_path)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    if status:
        assert told in done.stderr
        assert done.stdout == ""
        assert not (tmp_path / "store").exists()


def test_a_damaged_file_is_told_and_kept(tmp_path: Path) -> None:
    made(tmp_path)
    path = tmp_path / "store" / "tokens.json"
    path.write_text("{", encoding="utf-8")
    for command in (["list"], ["create", "--name", "a"], ["revoke", "0123456789ab"]):
        done = run("token", *command, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith("Refusé : le fichier des jetons ne peut pas servir")
        assert str(path) in done.stderr
    assert path.read_text(encoding="utf-8") == "{"


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file", encoding="utf-8")
    done = run("token", "create", "--name", "a", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Refusé : ")
    assert "Traceback" not in done.stderr


def test_tokens_are_made_and_revoked_while_the_server_runs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    early = made(tmp_path).strip()  # before there is a store
    server = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port)],
        env={**os.environ, "REFERENTIEL_STORE": str(tmp_path / "store")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )

    def knock(token: str) -> int:
        """What a write gets: 415 is for whoever has been let in, since nothing is sent."""
        return httpx.put(f"{address}/certifications/RNCP1", headers={"Authorization": f"Bearer {token}"}).status_code

    def answers() -> bool:
        assert server.poll() is None, "the server has ended"
        try:
            return httpx.get(f"{address}/readyz").is_success
        except httpx.TransportError:
            return False

    try:
        until(answers, 60)
        late = made(tmp_path).strip()
        assert [knock(token) for token in (early, late, late[:-1])] == [415, 415, 401]
        assert run("token", "revoke", late.split("_")[1], cwd=tmp_path).returncode == 0
        assert [knock(token) for token in (early, late)] == [415, 401]
    finally:
        server.kill()
        server.wait()
