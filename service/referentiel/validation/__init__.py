"""Says whether a référentiel keeps the rules of shapes/, and how to mend it. The only package that knows pySHACL."""

from referentiel.validation.engine import NothingToValidate, validate
from referentiel.validation.places import Contents
from referentiel.validation.report import Report, Result
from referentiel.validation.rules import Bilingual, InvalidShapes, Language, Rule, Severity, read_rules

__all__ = [
    "Bilingual",
    "Contents",
    "InvalidShapes",
    "Language",
    "NothingToValidate",
    "Report",
    "Result",
    "Rule",
    "Severity",
    "read_rules",
    "validate",
]
