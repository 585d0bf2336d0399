"""The terms of all labels, made once for some concepts and kept in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from referentiel.linking.analysis import english_stems, grams, label_stems, words
from referentiel.linking.concepts import Concept
from referentiel.linking.dictionary import Dictionary, learn
from referentiel.linking.postings import Postings

FILES: Final = ("words", "stems", "grams", "english", "translations")
STARTS: Final = ("starts", "english_starts")

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Index:
    """The labels of some concepts; those of one concept stand together.

    `words`, `stems`: which French labels hold a folded word, a stem. `starts`: for each concept its first label there.
    `grams`: which of these words hold a run of characters.
    `english`, `english_starts`: the same for the English labels. `translations`: for a French stem, which of these English stems
    may say it; the weight is the root of their likelihood.
    """

    concepts: tuple[Concept, ...]
    words: Postings
    stems: Postings
    grams: Postings
    starts: NDArray[np.int64]
    english: Postings
    english_starts: NDArray[np.int64]
    translations: Postings

    @classmethod
    def of(cls, concepts: Sequence[Concept], dictionary: Dictionary) -> Index:
        """The index of some concepts, none without a label."""
        texts = [words(label) for concept in concepts for label in concept.labels]
        by_word = Postings.of([list({word.folded: None for word in text}) for text in texts])  # a title names both genders
        by_stem = Postings.of([list({word.stem: None for word in text}) for text in texts])
        english = [_english(concept, dictionary) for concept in concepts]
        by_english = Postings.of([label for labels in english for label in labels])
        return cls(
            concepts=tuple(concepts),
            words=by_word,
            stems=by_stem,
            grams=Postings.of([grams([word]) for word in by_word.terms]),
            starts=_starts([len(concept.labels) for concept in concepts]),
            english=by_english,
            english_starts=_starts([len(labels) for labels in english]),
            translations=_translations(dictionary, by_english),
        )

    @cached_property
    def dictionary(self) -> dict[str, str]:
        """What most likely says a French stem in English."""
        english = list(self.english.terms)
        firsts = self.translations.labels[self.translations.starts[:-1]].tolist()
        return {french: english[first] for french, first in zip(self.translations.terms, firsts, strict=True)}

    def arrays(self) -> Arrays:
        """All but the concepts, to be saved."""
        files = {name: getattr(self, name).arrays() for name in FILES}
        saved = {f"{name}.{part}": array for name, parts in files.items() for part, array in parts.items()}
        return saved | {name: getattr(self, name) for name in STARTS}

    @classmethod
    def from_arrays(cls, concepts: Sequence[Concept], arrays: Mapping[str, NDArray[Any]]) -> Index:
        """What `arrays` gave, with the same concepts. Raises KeyError, ValueError."""
        files = {name: Postings.from_arrays(arrays, f"{name}.") for name in FILES}
        starts, english_starts = (arrays[name] for name in STARTS)
        return cls(concepts=tuple(concepts), starts=starts, english_starts=english_starts, **files)


def dictionary_of(concepts: Sequence[Concept]) -> Dictionary:
    """What the preferred labels of concepts say in two languages."""
    return learn((sorted(label_stems(concept.label)), english_stems(concept.english[0])) for concept in concepts if concept.english)


def digest(concepts: Sequence[Concept]) -> str:
    """Tells these concepts and labels from all others."""
    content = hashlib.sha256()
    for concept in concepts:
        content.update("\x1f".join((concept.iri, concept.kind, *concept.labels, "", *concept.english, "\n")).encode())
    return content.hexdigest()


def _english(concept: Concept, dictionary: Dictionary) -> list[tuple[str, ...]]:
    """The English labels as sets of stems, none twice; where there are none, the French ones word by word."""
    if concept.english:
        return list(dict.fromkeys(tuple(sorted(english_stems(label))) for label in concept.english))
    texts = map(label_stems, concept.labels)
    return [tuple(sorted({dictionary[stem][0][0] for stem in text if stem in dictionary})) for text in texts]


def _translations(dictionary: Dictionary, english: Postings) -> Postings:
    found = [
        (french, english.terms[other], likelihood)
        for french, translations in dictionary.items()
        for other, likelihood in translations
        if other in english.terms
    ]
    terms = {french: number for number, french in enumerate(dict.fromkeys(french for french, _, _ in found))}
    lengths = np.bincount([terms[french] for french, _, _ in found], minlength=len(terms)) if found else np.zeros(0, np.int64)
    return Postings(
        terms=terms,
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        labels=np.asarray([number for _, number, _ in found], np.int32),
        weights=np.sqrt(np.asarray([likelihood for _, _, likelihood in found], np.float32)),
        size=len(english.terms),
    )


def _starts(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *lengths[:-1]]).astype(np.int64)
