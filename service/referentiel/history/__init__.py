"""What was written: revisions, the patches that they made, and any state that they led through."""

from referentiel.history.history import History
from referentiel.history.patches import DamagedHistory, patch_lines
from referentiel.history.record import history_name, is_certification, revision_iri, version_iri
from referentiel.history.revision import Kind, Revision

__all__ = [
    "DamagedHistory",
    "History",
    "Kind",
    "Revision",
    "history_name",
    "is_certification",
    "patch_lines",
    "revision_iri",
    "version_iri",
]
