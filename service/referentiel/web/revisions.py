"""A revision for JSON, as every list of revisions tells it."""

from __future__ import annotations

from typing import Any

from referentiel.history import Revision


def told(revision: Revision) -> dict[str, Any]:
    """Who wrote, when, why, and how much; `patch_sha256` is the digest of the patch. A graph that is null is the unnamed one."""
    return {
        "number": revision.number,
        "iri": revision.iri,
        "at": revision.at.isoformat().replace("+00:00", "Z"),
        "who": revision.who,
        "kind": revision.kind.value,
        "why": revision.why,
        "graphs": list(revision.graphs),
        "added": revision.added,
        "removed": revision.removed,
        "shapes": revision.shapes,
        "patch_sha256": revision.digest,
    }
