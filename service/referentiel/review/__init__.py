"""The review desk: what is to be linked, what is proposed for it, and decisions on their way through the gate."""

from referentiel.review.desk import Desk, NothingToUndo, UnknownConcept, UnknownSubject
from referentiel.review.item import Item, Progress, Proposal, Subject

__all__ = ["Desk", "Item", "NothingToUndo", "Progress", "Proposal", "Subject", "UnknownConcept", "UnknownSubject"]
