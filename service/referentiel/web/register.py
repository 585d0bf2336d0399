"""The register of certifications: each is read and written at one address, `/certifications/{id}`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.gate.proposals import Merge, Proposal, Replace, Restore, Withdraw
from referentiel.model import CODE
from referentiel.sources import identifier
from referentiel.store import Engine, Statements
from referentiel.store.deposit import Document
from referentiel.store.loading import is_iri
from referentiel.vocabulary import RDF as RDF_NS
from referentiel.vocabulary import REF
from referentiel.web import problems
from referentiel.web.bodies import MERGE_PATCH, RDF, TABLES, UPDATE, Body
from referentiel.web.documents import Documents
from referentiel.web.patching import WorkOut, merging, updating
from referentiel.web.problems import Problem
from referentiel.web.representations import holds
from referentiel.web.texts import Text
from referentiel.web.versions import Versions
from referentiel.web.writes import Target, Writes

LONGEST_ID: Final = 100
"""Characters of the longest identifier."""

WHOLE: Final = (*RDF, *TABLES)
"""What a whole certification may be sent as."""
PATCHES: Final = (MERGE_PATCH, UPDATE)

_SUCCESSOR: Final = re.compile(r"https?://[^/?#]|urn:[a-z0-9][a-z0-9-]{0,31}:.", re.IGNORECASE)
"""How the IRI begins of what takes a certification's place: others can't be followed, or should not be."""


class Register:
    """Answers for `/certifications/{id}`."""

    def __init__(self, store: Engine, writes: Writes, documents: Documents, versions: Versions, work_out: WorkOut) -> None:
        self._store = store
        self._writes = writes
        self._reader = writes.reader
        self._documents = documents
        self._versions = versions
        self._work_out = work_out
        self._addresses = writes.pages.addresses
        self._space = writes.gate.space

    def read(self, request: Request, code: str, version: int | None) -> Response:
        """The certification as it is or was; the ETag begins with the version. Raises Problem (404, 406, 410)."""
        if version is not None and is_code(code):
            return self._versions.answer(request, code, version)
        if "accept-datetime" in request.headers and is_code(code):
            return self._versions.gate(request, code)
        return self._present(request, code)

    def _present(self, request: Request, code: str) -> Response:
        name = self._space.certification(code) if is_code(code) else None
        # The version first: should a write come in between, the tag is too old for what it is put on, and a change made of it is
        # refused. The other way round it would be lost.
        version = self._writes.gate.version(name) if name else None
        if name is None or version is None:
            gone = self._versions.gone(str(name)) if name else None
            problem = gone or problems.not_found(f"/certifications/{code}")
            raise replace(problem, headers={**problem.headers, "Vary": "Accept, Accept-Language, Accept-Datetime"})
        answer = self._documents.resource(_without_condition(request), f"certification/{code}")
        tag = f'"{version}-{answer.headers["etag"][1:]}'
        answer.headers["ETag"] = tag
        answer.headers.add_vary_header("Accept-Datetime")  # it is its own TimeGate (RFC 7089, section 2.1.2)
        answer.headers["Accept-Patch"] = ", ".join(PATCHES)
        answer.headers["Accept-Post"] = ", ".join(RDF)
        answer.headers["Link"] = ", ".join([answer.headers["Link"], *self._versions.links(code)])
        if not holds(request.headers.get("if-none-match"), tag):
            return answer
        kept = {key: value for key, value in answer.headers.items() if key not in {"content-length", "content-type"}}
        return Response(status_code=304, headers=kept)

    async def put(self, request: Request, code: str, title: str | None, number: str | None) -> Response:
        """Make the certification what is sent, or put that in its place."""
        name = self._named(code)
        identity = await self._writes.permit(request, "write", code)
        body = await self._writes.body(request, WHOLE, "Accept")

        def propose() -> Proposal:
            if body.is_table:
                return self._of_table(body, code, title, number)[1]
            return Replace(name, self._reader.statements(body, name))

        return await self._writes.make(request, identity, self._target(code), propose, body=body)

    async def post(self, request: Request, code: str) -> Response:
        """Add what is sent."""
        name = self._named(code)
        identity = await self._writes.permit(request, "write", code)
        body = await self._writes.body(request, RDF, "Accept-Post")
        return await self._writes.make(
            request, identity, self._target(code), lambda: Merge(name, self._reader.statements(body, name)), body=body
        )

    async def patch(self, request: Request, code: str) -> Response:
        """Change a part."""
        name = self._named(code)
        identity = await self._writes.permit(request, "write", code)
        body = await self._writes.body(request, PATCHES, "Accept-Patch")

        def propose() -> Proposal:
            if body.media_type == MERGE_PATCH:
                return merging(self._store, name, body.data, self._reader)
            text = body.text
            return updating(name, lambda engine: self._work_out(text, engine))

        return await self._writes.make(request, identity, self._target(code), propose, body=body)

    async def delete(self, request: Request, code: str, replaced_by: str | None) -> Response:
        """Withdraw it."""
        name = self._named(code)
        if replaced_by is not None:
            _require_successor(name, replaced_by)
        identity = await self._writes.permit(request, "withdraw", code)
        proposal = Withdraw(name, URIRef(replaced_by) if replaced_by else None)
        return await self._writes.make(request, identity, self._target(code), lambda: proposal)

    async def restore(self, request: Request, code: str, version: int) -> Response:
        """Make a former version the present one."""
        name = self._named(code)
        identity = await self._writes.permit(request, "write", code)
        return await self._writes.make(request, identity, self._target(code), lambda: Restore(name, version))

    async def create(self, request: Request, code: str | None, title: str | None, number: str | None) -> Response:
        """Make a certification that is not there yet; what is sent, or `code`, says which."""
        if code is not None:
            self._named(code)
        identity = await self._writes.permit(request, "write", code)
        body = await self._writes.body(request, WHOLE, "Accept-Post")
        found, proposal = await self._writes.work(
            request, lambda: self._of_table(body, code, title, number) if body.is_table else self._of_rdf(body, code)
        )
        return await self._writes.make(request, identity, self._target(found), lambda: proposal, body=body, creates=True)

    def _of_table(self, body: Body, code: str | None, title: str | None, number: str | None) -> tuple[str, Replace]:
        """The identifier and the certification that a table says. Raises UnreadableSource, Problem (422)."""
        file, record, found = self._reader.table(body, code, title, number)
        if code is None and body.name is None and record.code == identifier(file):
            raise _unfit_parameter(
                "id",
                Text(
                    "attendu, puisque ni le tableau ni le nom d'un fichier (« name ») ne donne d'identifiant",
                    "expected, since neither the table nor the name of a file (“name”) gives an identifier",
                ),
                "",
            )
        name = self._named(record.code)
        return record.code, Replace(name, found, Document.of(file, body.data))

    def _of_rdf(self, body: Body, code: str | None) -> tuple[str, Replace]:
        """The identifier and the certification that RDF says. Raises BadData, Problem (422)."""
        if code is None:
            found = self._reader.graphs(body.data, body.media_type, None, self._space.certifications)
            code = self._one_described(frozenset().union(*found.values()))
        name = self._named(code)
        return code, Replace(name, self._reader.statements(body, name))

    def _one_described(self, found: Statements) -> str:
        """The identifier of the one certification that some statements describe. Raises Problem (422)."""
        typed = f"> <{RDF_NS.type}> <{REF.Certification}> ."
        named = sorted(line.removesuffix(typed)[1:] for line in found if line.endswith(typed))
        codes = [code for code in (self._space.code(URIRef(iri)) for iri in named) if code]
        if len(codes) != 1:
            listed = ", ".join(named[:5]) or "0"
            expected = f"{self._space.certifications}ID"
            raise Problem(
                problems.UNFIT_DATA,
                Text(
                    f"Attendu : une certification (classe {REF.Certification}) d'adresse {expected} ; trouvé : {listed}.",
                    f"Expected: one certification (class {REF.Certification}) at an address {expected}; found: {listed}.",
                ),
            )
        return codes[0]

    def _named(self, code: str) -> URIRef:
        """The certification of an identifier. Raises Problem (422) for what can be none."""
        if not is_code(code):
            expected = Text(
                f"des lettres, des chiffres, et entre eux « . », « _ » ou « - », {LONGEST_ID} au plus, sont attendus",
                f"letters, digits, and “.”, “_” or “-” between them, {LONGEST_ID} at most, are expected",
            )
            raise _unfit_parameter("id", expected, code)
        return self._space.certification(code)

    def _target(self, code: str) -> Target:
        return Target(self._space.certification(code), self._addresses.public(f"/certifications/{code}"))


def is_code(text: str) -> bool:
    """Whether it can be the identifier of a certification."""
    return len(text) <= LONGEST_ID and CODE.fullmatch(text) is not None


def _require_successor(name: URIRef, replaced_by: str) -> None:
    """Raise Problem (422) unless it can be the IRI of what takes the place of a certification."""
    if replaced_by == str(name) or not (_SUCCESSOR.match(replaced_by) and is_iri(replaced_by)):
        expected = Text(
            "l'IRI absolu (http, https ou urn) d'autre chose que de la certification retirée est attendu",
            "the absolute IRI (http, https or urn) of something else than the certification withdrawn is expected",
        )
        raise _unfit_parameter("replaced-by", expected, replaced_by)


def _without_condition(request: Request) -> Request:
    """The request without If-None-Match: its tags are those of another representation."""
    headers = [(name, value) for name, value in request.scope["headers"] if name != b"if-none-match"]
    return Request({**request.scope, "headers": headers})


def _unfit_parameter(name: str, expected: Text, found: str) -> Problem:
    shown = found[:LONGEST_ID] or "—"
    return Problem(
        problems.INVALID_PARAMETER,
        Text(f"{name} : {expected.fr} ; trouvé : « {shown} »", f"{name}: {expected.en}; found: “{shown}”"),
    )
