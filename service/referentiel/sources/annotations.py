"""Editorial notes: what a table's own codes show to be missing or odd in it. Nothing is mended, everything is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from referentiel.model import Note, natural_key
from referentiel.sources.draft import CertificationDraft, Draft

_DIGITS: Final = 3
"""Of a number that counts criteria: a longer one, such as a year, begins no series that could have gaps."""


def annotate(draft: CertificationDraft) -> None:
    """Note on each element of the draft the faults that its codes show, and on the certification what the table never says."""
    if draft.label is None:
        draft.notes.append(
            Note("Le document ne donne pas l'intitulé de la certification.", "The document does not give the title.")
        )
    if draft.number is None:
        draft.notes.append(
            Note("Le document ne donne pas de numéro d'enregistrement.", "The document does not give a register number.")
        )
    for block in draft.blocks.values():
        for activity in block.children.values():
            _note_first_task(activity)
        for competency in block.competencies.values():
            _note_gaps(competency)
            for criterion in competency.children.values():
                _note_notation(criterion)


def gaps(codes: Iterable[str]) -> Iterator[str]:
    """The codes that a numbered series lacks.

    >>> list(gaps(["CE3.1", "CE3.2", "CE3.4"]))
    ['CE3.3']
    """
    numbered = [code.rpartition(".") for code in sorted(codes, key=natural_key)]
    series = {int(number): prefix for prefix, _, number in numbered if prefix and len(number) <= _DIGITS}
    yield from (f"{series[max(series)]}.{number}" for number in range(1, max(series, default=0)) if number not in series)


def _note_gaps(competency: Draft) -> None:
    for code in gaps(competency.children):
        competency.notes.append(Note(f"La numérotation saute {code}.", f"The numbering skips {code}."))


def _note_first_task(activity: Draft) -> None:
    first = min(activity.children.values(), key=lambda task: natural_key(task.code), default=None)
    if first and first.code != "T1":
        first.notes.append(
            Note(
                f"Les tâches de l'activité {activity.code} commencent à {first.code}.",
                f"The tasks of activity {activity.code} begin at {first.code}.",
            )
        )


def _note_notation(criterion: Draft) -> None:
    if criterion.source_notation != criterion.code:
        criterion.notes.append(
            Note(
                f"La source écrit {criterion.source_notation} ; lu comme {criterion.code}.",
                f"The source writes {criterion.source_notation}; read as {criterion.code}.",
            )
        )
