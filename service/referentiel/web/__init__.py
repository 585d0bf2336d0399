"""The service over HTTP. The only package that knows FastAPI."""

from __future__ import annotations

from referentiel.web.app import Service, create_app

__all__ = ["Service", "create_app"]
