"""The service over HTTP. The only package that knows FastAPI."""

from __future__ import annotations

from referentiel.web.app import create_app

__all__ = ["create_app"]
