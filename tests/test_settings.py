from __future__ import annotations

from pathlib import Path

import pytest

from referentiel.settings import BadSetting, Limits, Settings
from referentiel.vocabulary import DEFAULT_BASE


def test_defaults_follow_the_xdg_folder() -> None:
    settings = Settings.from_environment({"XDG_DATA_HOME": "/data"})
    assert settings == Settings(base=DEFAULT_BASE, public_url=None, store=Path("/data/referentiel/store"))


def test_the_environment_is_read() -> None:
    environment = {
        "REFERENTIEL_BASE": "https://certif.example/id/",
        "REFERENTIEL_PUBLIC_URL": "https://certif.example/",
        "REFERENTIEL_STORE": "here",
    }
    assert Settings.from_environment(environment) == Settings("https://certif.example/id/", "https://certif.example", Path("here"))


def test_limits_are_settings() -> None:
    environment = {
        "REFERENTIEL_WORKERS": "4",
        "REFERENTIEL_QUERY_SECONDS": "2.5",
        "REFERENTIEL_QUERY_MEMORY": "64",
        "REFERENTIEL_ANSWER_ROWS": "10",
        "REFERENTIEL_QUEUE": "3",
        "REFERENTIEL_CACHE": "0",
        "REFERENTIEL_RATE": "60",
        "REFERENTIEL_SERVICES": " https://a.example/sparql http://127.0.0.1:7200/ ",
    }
    services = ("https://a.example/sparql", "http://127.0.0.1:7200/")
    assert Settings.from_environment(environment).limits == Limits(4, 2.5, 64, 10, 3, 0, 60, services)


def test_an_empty_setting_is_none() -> None:
    assert Settings.from_environment({"REFERENTIEL_STORE": "", "XDG_DATA_HOME": "/d"}).store == Path("/d/referentiel/store")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REFERENTIEL_BASE", "https://certif.example/id"),
        ("REFERENTIEL_BASE", "certif.example/"),
        ("REFERENTIEL_BASE", "https://certif.example/id/#"),
        ("REFERENTIEL_BASE", "https://certif.example/a b/"),
        ("REFERENTIEL_BASE", "http://h/a%zz/"),
        ("REFERENTIEL_BASE", "http://[::x]/"),
        ("REFERENTIEL_BASE", "http://h:99999/"),
        ("REFERENTIEL_PUBLIC_URL", "https://user:secret@h/"),
        ("REFERENTIEL_PUBLIC_URL", "javascript:alert(1)"),
        ("REFERENTIEL_WORKERS", "3"),
        ("REFERENTIEL_WORKERS", "100000"),
        ("REFERENTIEL_WORKERS", "four"),
        ("REFERENTIEL_QUERY_SECONDS", "0"),
        ("REFERENTIEL_QUERY_SECONDS", "nan"),
        ("REFERENTIEL_QUERY_MEMORY", "1"),
        ("REFERENTIEL_ANSWER_ROWS", "1e6"),
        ("REFERENTIEL_QUEUE", "0"),
        ("REFERENTIEL_CACHE", "-1"),
        ("REFERENTIEL_RATE", "-1"),
        ("REFERENTIEL_SERVICES", "https://a.example/sparql ftp://b.example/"),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_environment({name: value})
