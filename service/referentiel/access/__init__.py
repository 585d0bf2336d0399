"""Who may write: tokens, and the identities that they stand for."""

from referentiel.access.identity import LOCAL, OPERATIONS, Identity, Operation

__all__ = ["LOCAL", "OPERATIONS", "Identity", "Operation"]
