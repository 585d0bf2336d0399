"""What was written: revisions, the patches that they made, and any state that they led through."""

from referentiel.history.revision import Kind, Revision

__all__ = ["Kind", "Revision"]
