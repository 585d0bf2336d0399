"""What the review pages are made of: the desk, the index of the vocabularies, the sessions; and their routes."""

from __future__ import annotations

from fastapi import FastAPI

from referentiel.gate import Gate
from referentiel.review import Desk
from referentiel.review.desk import Finder
from referentiel.vocabularies.edition import graph_name
from referentiel.web.authentication import Doorkeeper
from referentiel.web.pages import Pages
from referentiel.web.review_index import Index
from referentiel.web.review_pages import ReviewPages
from referentiel.web.review_routes import review_routes
from referentiel.web.session_routes import session_routes
from referentiel.web.sessions import Sessions

_SCHEMES = ("esco", "rome")


def review_service(app: FastAPI, gate: Gate, doorkeeper: Doorkeeper, pages: Pages) -> None:
    """Declare `/review` and `/session`. Nothing is indexed before somebody comes to review."""
    settings = pages.addresses.settings
    graphs = [graph_name(settings.base, scheme) for scheme in _SCHEMES]

    def state() -> tuple[int | None, ...]:
        return tuple(gate.history.latest(name) for name in graphs)

    def build() -> Finder:
        from referentiel.linking.stored import CACHE, finder_of  # brings numpy, which a service that reviews nothing does without

        folder = gate.engine.folder
        return finder_of(gate.engine, settings.base, folder and folder / CACHE)

    desk = Desk(gate, Index(build, state))
    sessions = Sessions(doorkeeper, secure=(settings.public_url or "").startswith("https:"))
    session_routes(app, sessions, desk.author, pages)
    review_routes(app, sessions, ReviewPages(desk, pages))
