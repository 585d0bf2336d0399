"""What commands and pages use to review links. Every write goes through the gate, worked out while nobody else writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, cast

from rdflib import URIRef

from referentiel.access import Identity
from referentiel.gate import Accepted, Alter, Gate, Stale
from referentiel.linking.candidate import Candidate
from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.mapping import NO_MATCH, PREDICATES, Mapping, MappingSet
from referentiel.linking.mapping_graph import set_iri
from referentiel.linking.standing import State, Verdict, standings, state
from referentiel.model import CODE
from referentiel.review import undoing
from referentiel.review.author import author_iri
from referentiel.review.concepts import Concepts
from referentiel.review.deciding import justified, reason, replaces
from referentiel.review.item import Item, Progress, Proposal, Subject
from referentiel.review.ledger import Ledger
from referentiel.review.subjects import Subjects
from referentiel.review.voices import require_one_voice, require_own
from referentiel.store import Changes, Engine
from referentiel.vocabulary import SKOS

if TYPE_CHECKING:
    from referentiel.linking import finder

_TRIES: Final = 5
"""Times that what to take back is chosen while others keep writing."""


class UnknownSubject(LookupError):
    """No competency and no certification of the store has this IRI."""


class UnknownConcept(LookupError):
    """No vocabulary of the store has this concept; or, for a code, the store has no such vocabulary."""


class NothingToUndo(LookupError):
    """The reviewer has made no decision here that could be taken back."""


class Finder(Protocol):
    """What the desk asks of linking.finder.Finder, which brings numpy: who only reads what was decided does without."""

    def candidates(self, text: str, k: int = 10, kind: Kind = Kind.SKILL, schemes: Sequence[str] | None = None) -> list[Candidate]:
        """The best concepts for a text."""

    def search(self, text: str, k: int = 20, kind: Kind | None = None) -> list[Candidate]:
        """The concepts whose labels fit some words."""

    def concept(self, iri: str) -> Concept | None:
        """A concept by its IRI."""


class Desk:
    """The work on links. `finder`: gives the index of the vocabularies that the store holds; called when it is needed only."""

    def __init__(self, gate: Gate, finder: Callable[[], Finder]) -> None:
        self._gate = gate
        self._finder = finder
        self._subjects = Subjects(gate.engine, gate.space)
        self._concepts = Concepts(gate.engine, gate.space)

    def author(self, identity: Identity, orcid: str = "") -> str:
        """The IRI that decisions are signed with: the ORCID where one is given (`0000-0002-1825-0097`, or its IRI), else that of
        the history's agent, `<base>agent/<name>`. Raises ValueError for what is no ORCID."""
        return author_iri(self._gate.space.base, identity, orcid)

    def sets(self) -> tuple[str, ...]:
        """The codes of the mapping sets that the store holds, the crosswalk's too. A certification is reviewed in the set of its
        own identifier by default."""
        above = set_iri(self._gate.space.base, "")
        return tuple(name.removeprefix(above) for name in self._gate.engine.graph_names() if name.startswith(above))

    def certifications(self) -> tuple[tuple[str, str], ...]:
        """Identifier and title of the certifications that the store holds; the title is empty where there is none."""
        return self._subjects.certifications()

    def schemes(self) -> tuple[str, ...]:
        """The vocabularies that the store holds to link to: `esco`, `rome`."""
        return self._concepts.schemes()

    def queue(self, certification: str, code: str, author: str, kind: Kind | None = None) -> tuple[Item, ...]:
        """What is to be linked, in the order of the référentiel (the certification itself last), with its state in a mapping set.

        Nothing for a certification that there is not. Raises ValueError for what is no code of a mapping set.
        """
        by_subject: dict[URIRef, list[Mapping]] = {}
        try:
            for mapping in self.mapping_set(code).mappings:
                by_subject.setdefault(mapping.subject, []).append(mapping)
        except LookupError:
            pass
        subjects = (each for each in self._subjects.of(certification) if kind in (None, each.kind))
        return tuple(_item(subject, by_subject.get(subject.iri, ()), author) for subject in subjects)

    def item(self, subject: URIRef, code: str, author: str) -> Item:
        """One of them. Raises UnknownSubject, ValueError as `queue`."""
        return _item(self._subject(subject), self._ledger(code).about(subject), author)

    def proposals(self, item: Item, k: int = 10) -> tuple[Proposal, ...]:
        """The best concepts for a subject, the best first; then those that people spoke of without rejecting them and that no
        machine proposes. To the occupations of a certification lead the fiches of ROME that were accepted for it, too."""
        found = self._candidates(item, k)
        proposed = {candidate.concept.iri for candidate in found}
        spoken = {
            str(each.object): Concept(
                str(each.object), (each.label or str(each.object),), item.subject.kind, self._code(each.object_source)
            )
            for each in item.standings
            if each.verdict is not Verdict.REJECTED and each.object != NO_MATCH and str(each.object) not in proposed
        }
        return self._proposals(item, found, spoken.values())

    def search(self, words: str, item: Item, k: int = 20) -> tuple[Proposal, ...]:
        """The concepts of the kind that a subject takes whose labels fit some words."""
        return self._proposals(item, self._finder().search(words, k, item.subject.kind))

    def decide(
        self,
        code: str,
        subject: URIRef,
        predicate: URIRef,
        object: URIRef,  # noqa: A002 - SSSOM's own word
        *,
        identity: Identity,
        author: str,
        negated: bool = False,
        score: float | None = None,
        comment: str = "",
    ) -> Mapping:
        """Record what a person says of a pair, in the place of what they said of it before, and of their saying that the vocabulary
        holds nothing; the set is made when there is none.

        Raises UnknownSubject, UnknownConcept, ValueError for another predicate than mapping.PREDICATES and for what is no code of a
        mapping set, and what Gate.submit raises (NotAllowed: the identity needs the operation `graphs`; Unfit: what would be
        replaced is another identity's, or this one has spoken of the pair under another signature).
        """
        if predicate not in PREDICATES:
            raise ValueError(f"{predicate} is none of {', '.join(PREDICATES)}")
        concept = self._concepts.known(object)
        if concept is None:
            raise UnknownConcept(object)
        mapping = replace(
            self._signed(self._subject(subject), concept.scheme, author),
            predicate=predicate,
            object=object,
            object_label=concept.label,
            object_source_version=concept.version,
            negated=negated,
            score=score,
            comment=comment,
        )
        return self._record(code, identity, [mapping])[0]

    def no_match(
        self, code: str, subject: URIRef, *, identity: Identity, author: str, schemes: Sequence[str] = (), comment: str = ""
    ) -> tuple[Mapping, ...]:
        """Record that vocabularies hold nothing for a subject (all of the store's, unless some are named: `esco`, `rome`), in the
        place of what the author accepted there. Raises as `decide`; UnknownConcept without a vocabulary."""
        known = self.schemes()
        if not known or not set(schemes) <= set(known):
            raise UnknownConcept(", ".join(schemes))
        found = self._subject(subject)
        signed = (self._signed(found, self._concepts.scheme(scheme), author) for scheme in schemes or known)
        return self._record(code, identity, [replace(mapping, comment=comment) for mapping in signed])

    def undo(self, code: str, *, identity: Identity, author: str) -> tuple[Mapping, ...]:
        """Take back the author's last decision that still stands, made at a desk under this identity; what it replaced stands
        again. What was taken back. Call again for the one before. Raises NothingToUndo, Unfit when it was changed since by
        somebody else, and as `decide`."""
        name = self._ledger(code).name
        for _ in range(_TRIES - 1):
            with suppress(Stale):  # somebody wrote since the choice: choose anew
                return self._undo(name, identity, author)
        return self._undo(name, identity, author)

    def _undo(self, name: URIRef, identity: Identity, author: str) -> tuple[Mapping, ...]:
        """One try of it. Raises Stale when the set changed between the choice and the gate's turn."""
        version = self._gate.version(name)
        last = undoing.last(self._gate.engine, self._gate.history, name, identity.name, author)
        if last is None or version is None:
            raise NothingToUndo(str(name))

        def work_out(engine: Engine) -> Changes:
            ledger = Ledger(engine, name)
            codes = {mapping.code for mapping in (*last.before, *last.after)}
            others = [mapping for mapping in ledger.about(last.subject) if mapping.code not in codes]
            return ledger.change(last.subject, [*others, *last.before], self._unit(last.subject))

        why = f"{undoing.UNDOES}{last.revision}"
        self._gate.submit(Alter(work_out, name=name), identity=identity, why=why, expected=frozenset({version}))
        return last.after or last.before

    def take_in(self, code: str, found: MappingSet, *, identity: Identity, why: str) -> Accepted:
        """Let the decisions of a file in, beside those of the set, in the place of those of the same person on the same pair. Whom
        they are by is what the file says. Raises as `decide`."""
        ledger = self._ledger(code)
        alter = Alter(lambda engine: Ledger(engine, ledger.name).merge(found, self._gate.space.unit), name=ledger.name)
        return self._gate.submit(alter, identity=identity, why=why)

    def mapping_set(self, code: str) -> MappingSet:
        """A mapping set as the store holds it. Raises LookupError when there is none, ValueError for what is no code."""
        return self._ledger(code).mapping_set()

    def progress(self, certification: str, code: str, author: str) -> Progress:
        """How far the work is."""
        items = self.queue(certification, code, author)
        count = {each: sum(item.state is each for item in items) for each in State}
        return Progress(
            total=len(items),
            answered=sum(item.answered for item in items),
            todo=count[State.TODO],
            decided=count[State.DECIDED],
            confirmed=count[State.CONFIRMED],
            no_match=count[State.NO_MATCH],
            disputed=count[State.DISPUTED],
        )

    def _candidates(self, item: Item, k: int) -> list[Candidate]:
        """What the machine proposes for a subject."""
        found, title = self._finder(), item.subject.label
        if item.subject.kind is Kind.SKILL:
            return found.candidates(title, k)
        above = f"{self._concepts.scheme('rome')}/fiche/"
        accepted = (each.object for each in item.standings if each.verdict is Verdict.ACCEPTED)
        fiches = [iri.removeprefix(above) for iri in accepted if iri.startswith(above)]
        from referentiel.linking import occupations

        leading = occupations.crosswalk(self._gate.engine, self._gate.space.base, fiches)
        return occupations.candidates(cast("finder.Finder", found), title, leading, k)

    def _subject(self, iri: URIRef) -> Subject:
        found = self._subjects.one(iri)
        if found is None:
            raise UnknownSubject(iri)
        return found

    def _unit(self, subject: URIRef) -> URIRef:
        return URIRef(self._gate.space.unit(subject))

    def _code(self, scheme: URIRef | None) -> str:
        return (scheme or "").rpartition("/")[2]

    def _ledger(self, code: str) -> Ledger:
        if not CODE.fullmatch(code):
            raise ValueError(f"{code!r} is no code of a mapping set")
        return Ledger(self._gate.engine, set_iri(self._gate.space.base, code))

    def _signed(self, subject: Subject, scheme: URIRef, author: str) -> Mapping:
        """A decision of today that a vocabulary holds nothing for a subject: what is said of a pair comes to it."""
        version = self._gate.history.latest(self._unit(subject.iri))
        return Mapping(
            subject=subject.iri,
            predicate=SKOS.exactMatch,
            object=NO_MATCH,
            author=author,
            date=datetime.now(UTC).date(),
            subject_label=subject.label,
            subject_source=URIRef(f"{self._unit(subject.iri)}/framework/competency") if subject.kind is Kind.SKILL else None,
            subject_source_version=str(version) if version else "",
            object_source=scheme,
            object_source_version=self._concepts.version(scheme),
        )

    def _record(self, code: str, identity: Identity, mappings: Sequence[Mapping]) -> tuple[Mapping, ...]:
        """Let decisions of one person on one subject in; as they are kept."""
        kept: list[Mapping] = []
        subject, name = mappings[0].subject, self._ledger(code).name
        history, unit = self._gate.history, self._unit(subject)

        def work_out(engine: Engine) -> Changes:
            ledger = Ledger(engine, name)
            held = ledger.about(subject)
            kept[:] = [justified(mapping, held) for mapping in mappings]
            replaced = [each for each in held if any(replaces(mapping, each) for mapping in kept)]
            require_own(history, name, unit, identity, replaced)
            require_one_voice(history, name, unit, identity, kept, held)
            left = [each for each in held if each not in replaced]
            return ledger.change(subject, [*left, *kept], unit)

        self._gate.submit(Alter(work_out, name=name), identity=identity, why=reason(mappings[0], unit))
        return tuple(kept)

    def _proposals(self, item: Item, found: Sequence[Candidate], besides: Iterable[Concept] = ()) -> tuple[Proposal, ...]:
        shown: list[tuple[Concept, Candidate | None]] = [(each.concept, each) for each in found]
        shown += [(concept, None) for concept in besides]
        definitions = self._concepts.definitions(concept.iri for concept, _ in shown)
        said = {str(each.object): each for each in item.standings}
        mine = {str(each.object): each for each in item.mine}
        return tuple(
            Proposal(
                concept=concept,
                candidate=candidate,
                definition=definitions.get(concept.iri, ""),
                standing=said.get(concept.iri),
                mine=mine.get(concept.iri),
            )
            for concept, candidate in shown
        )


def _item(subject: Subject, mappings: Iterable[Mapping], author: str) -> Item:
    said = tuple(mappings)
    found = standings(said)
    return Item(subject=subject, state=state(found), standings=found, mine=tuple(each for each in said if each.author == author))
