"""Référentiel: French professional certifications as a knowledge graph."""

from importlib.metadata import version

__version__ = version("referentiel")
