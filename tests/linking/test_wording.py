"""Words that nearly every competency is made of."""

from __future__ import annotations

import pytest

from referentiel.linking.wording import is_boilerplate, precision


@pytest.mark.parametrize(
    "part", ["répondre aux besoins du client", "l'amélioration continue de la qualité", "garantir leur conformité", ""]
)
def test_what_any_competency_could_say(part: str) -> None:
    assert is_boilerplate(part)


@pytest.mark.parametrize("part", ["répondre aux besoins de la ruche", "prévenir les incendies"])
def test_what_only_some_say(part: str) -> None:
    assert not is_boilerplate(part)


def test_the_more_precise_words_the_more_trust() -> None:
    trust = [precision(part) for part in ("", "réaliser des analyses", "analyser des sols", "analyser des sols calcaires du Jura")]
    assert trust == sorted(trust)
    assert len(set(trust)) == len(trust)
    assert (trust[0], trust[-1]) == (0.4, 1.0)
