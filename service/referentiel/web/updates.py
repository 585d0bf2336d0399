"""SPARQL updates over the web (SPARQL 1.1 Protocol, section 2.2): a POST of a form, or of the update itself, taken to the gate."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from referentiel.access import Identity
from referentiel.gate.names import Space
from referentiel.gate.proposals import Alter
from referentiel.history import Kind
from referentiel.readers.updater import Updater
from referentiel.store import Changes, Engine
from referentiel.store.update import BadUpdate, Update
from referentiel.web.authentication import Doorkeeper
from referentiel.web.bodies import UPDATE, Body
from referentiel.web.questions import SentUpdate, named_graphs, parameters
from referentiel.web.syntax import explained
from referentiel.web.writes import Target, Writes

_EVERY: Final = re.compile(r"\b(?:all|named)\b", re.IGNORECASE)


class Updates:
    """Takes updates. `endpoint`: its address, which is also the base of relative IRIs."""

    def __init__(self, writes: Writes, doorkeeper: Doorkeeper, updater: Updater, space: Space, endpoint: str) -> None:
        self._writes = writes
        self._doorkeeper = doorkeeper
        self._updater = updater
        self._space = space
        self._endpoint = endpoint

    async def answer_body(self, request: Request) -> Response:
        """Answer a request whose body is an update. Raises Problem."""
        identity = await self._doorkeeper.identify(request)
        body = await self._writes.body(request, (UPDATE,), "Accept-Post")
        default, named = named_graphs(parameters(request.scope["query_string"]), "using-graph-uri", "using-named-graph-uri")
        return await self._answer(request, identity, SentUpdate(body.text, default, named))

    async def answer_form(self, request: Request, sent: SentUpdate) -> Response:
        """Answer a request that sends an update in a form, which has been read. Raises Problem."""
        return await self._answer(request, await self._doorkeeper.identify(request), sent)

    async def _answer(self, request: Request, identity: Identity, sent: SentUpdate) -> Response:
        """Make the update; the gate says of each graph that it touches whether its sender may."""
        update = Update(sent.text, self._endpoint, sent.default_graphs, sent.named_graphs)
        proposal = Alter(lambda engine: self.work_out(update, engine), Kind.UPDATE)
        body = Body(UPDATE, repr(sent).encode())
        return await self._writes.make(request, identity, Target(None, self._endpoint), lambda: proposal, body=body)

    def patched(self, text: str, engine: Engine) -> Changes:
        """What an update that came by another way would change. Raises what `work_out` does."""
        return self.work_out(Update(text, self._endpoint), engine)

    def work_out(self, update: Update, engine: Engine) -> Changes:
        """What an update would change. Raises what Updater.work_out does, its BadUpdate in words for people."""
        kept = filter(self._space.protects, engine.graph_names()) if _EVERY.search(update.text) else ()
        try:
            return self._updater.work_out(engine, update, kept)
        except BadUpdate as error:
            told = explained(update.text, str(error))
            if told is None:
                raise
            raise BadUpdate(told.en, told.fr) from error
