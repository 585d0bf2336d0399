"""Says whether a référentiel keeps the rules of shapes/, and how to mend it. The only package that knows pySHACL."""

from referentiel.validation.engine import NothingToValidate, validate
from referentiel.validation.messages import ForeignReport
from referentiel.validation.places import Contents
from referentiel.validation.report import Report, Result
from referentiel.validation.rules import Bilingual, InvalidShapes, Language, Rule, Severity, read_rules
from referentiel.validation.validators import InvalidData, ValidationLimit, Validators

__all__ = [
    "Bilingual",
    "Contents",
    "ForeignReport",
    "InvalidData",
    "InvalidShapes",
    "Language",
    "NothingToValidate",
    "Report",
    "Result",
    "Rule",
    "Severity",
    "ValidationLimit",
    "Validators",
    "read_rules",
    "validate",
]
