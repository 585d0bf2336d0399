"""Questions answered by worker processes that can be killed, over checkpoints that nothing changes."""

from __future__ import annotations

from referentiel.readers.answers import Answers, Entry, volatile
from referentiel.readers.jobs import AnswerCut, Coding, Failure, Head, Job, NoFormat, OutOfMemory, Overloaded, QueryTimeout
from referentiel.readers.pool import Pool, Status
from referentiel.readers.service import Readers
from referentiel.readers.tickets import Stream, Whole

__all__ = [
    "AnswerCut",
    "Answers",
    "Coding",
    "Entry",
    "Failure",
    "Head",
    "Job",
    "NoFormat",
    "OutOfMemory",
    "Overloaded",
    "Pool",
    "QueryTimeout",
    "Readers",
    "Status",
    "Stream",
    "Whole",
    "volatile",
]
