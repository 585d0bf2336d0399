from __future__ import annotations

from pathlib import Path

import pytest

from referentiel.settings import BadSetting, Settings
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
    ],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_environment({name: value})
