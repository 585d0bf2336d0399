"""Job-market vocabularies as their keepers publish them: a file -> a concept scheme, as statements."""

from __future__ import annotations

from referentiel.vocabularies.crosswalk import Crosswalk
from referentiel.vocabularies.difference import Difference, Moved, Relabelled, difference
from referentiel.vocabularies.edition import Edition, Vocabulary, graph_name
from referentiel.vocabularies.faults import Fault, UnreadableVocabulary
from referentiel.vocabularies.opening import Opened, open_vocabulary, recognised
from referentiel.vocabularies.whole import assembled, version_of

__all__ = [
    "Crosswalk",
    "Difference",
    "Edition",
    "Fault",
    "Moved",
    "Opened",
    "Relabelled",
    "UnreadableVocabulary",
    "Vocabulary",
    "assembled",
    "difference",
    "graph_name",
    "open_vocabulary",
    "recognised",
    "version_of",
]
