"""Files that a certifying body brings, to records: any form (text, CSV, XLSX, HTML, DOCX) of either layout (official, template)."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

from referentiel.model import CODE, Certification
from referentiel.sources.draft import CertificationDraft
from referentiel.sources.faults import Fault, UnreadableSource, quote
from referentiel.sources.forms import read_grid
from referentiel.sources.grid import CODE_LENGTH
from referentiel.sources.layouts import Layout, layout_of
from referentiel.sources.official import read_official
from referentiel.sources.template import read_template

__all__ = ["Fault", "UnreadableSource", "identifier", "read_certification"]


def read_certification(
    name: str,
    data: bytes,
    *,
    certification_id: str | None = None,
    title: str | None = None,
    number: str | None = None,
) -> Certification:
    """The certification that a file called `name` describes.

    What is given beside the file must agree with it; without an identifier in either, the file's name gives one.
    Raises UnreadableSource with every fault found.
    """
    if certification_id is not None and (len(certification_id) > CODE_LENGTH or not CODE.fullmatch(certification_id)):
        expected = "un identifiant en lettres, chiffres, points et tirets"
        raise UnreadableSource(name, [Fault(expected, quote(certification_id), "choisissez un autre identifiant")])
    grid = read_grid(name, data)
    draft = CertificationDraft(certification_id or identifier(name), label=_given(title), number=_given(number))
    layout = layout_of(grid)
    if layout is Layout.TEMPLATE:
        return read_template(name, grid, draft, fixed=certification_id is not None)
    if layout is Layout.OFFICIAL:
        return read_official(name, grid, draft)
    expected = "l'en-tête du modèle, ou celui du tableau officiel (« RÉFÉRENTIEL D'ACTIVITÉS », « RÉFÉRENTIEL DE COMPÉTENCES »…)"
    found = f"{len(grid)} ligne(s) sans cet en-tête" if grid else "aucun tableau"
    raise UnreadableSource(
        name, [Fault(expected, found, "ajoutez l'en-tête, ou repartez du modèle : referentiel template modele.xlsx")]
    )


def _given(text: str | None) -> str | None:
    """A text that was given, not a blank."""
    return text.strip() or None if text else None


def identifier(name: str) -> str:
    """An identifier from a file's name.

    >>> identifier("Mon référentiel (v2).xlsx")
    'Mon-referentiel-v2'
    """
    letters = unicodedata.normalize("NFKD", PurePath(name).stem)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.split(r"([^A-Za-z0-9]+)", plain)
    joined = "".join(word if position % 2 == 0 or word in "._-" else "-" for position, word in enumerate(words))
    return joined[:CODE_LENGTH].strip("._-") or "certification"
