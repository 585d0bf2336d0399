"""Checkpoints for backups: the operator's command asks for one, copies it, and removes it."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from referentiel.access import LOCAL
from referentiel.store import Engine
from referentiel.store.generations import checkpoint_for_backup
from referentiel.web import problems
from referentiel.web.authentication import Doorkeeper
from referentiel.web.problems import Problem
from referentiel.web.texts import Text


def checkpoint_routes(app: FastAPI, store: Engine, doorkeeper: Doorkeeper) -> None:
    """Where `referentiel backup` asks; for who owns the store alone, hence not in the description of the interface."""

    async def checkpoint(request: Request) -> Response:
        if await doorkeeper.identify(request) is not LOCAL:
            raise Problem(
                problems.NOT_ALLOWED,
                Text(
                    "« referentiel backup » le fait, sur la machine du service.",
                    "“referentiel backup” does it, on the service's machine.",
                ),
            )
        folder = await asyncio.to_thread(checkpoint_for_backup, store)
        return JSONResponse({"folder": folder.name}, 201)

    app.router.routes.append(Route("/checkpoints", checkpoint, methods=["POST"]))
