"""What every test may use: the seed document and its records."""

from __future__ import annotations

from pathlib import Path

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG

from referentiel import resources
from referentiel.model import Certification
from referentiel.sources import read_certification

ROOT = Path(__file__).parent.parent
DEFAULT_TIMEOUT_CONFIG.read = DEFAULT_TIMEOUT_CONFIG.connect = 60.0  # a busy machine is slow, which is no failure
SEED = ROOT / "data" / "source" / "000_dc92d59401fb9067.txt"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    assert resources.HOME == ROOT, "tests run on the checkout, not on an installed wheel"
    return ROOT


@pytest.fixture(scope="session")
def seed_file() -> Path:
    """The seed document, as received."""
    return SEED


@pytest.fixture(scope="session")
def seed() -> Certification:
    """The records of the seed document."""
    return read_certification(SEED.name, SEED.read_bytes())
