"""The command `referentiel link candidates`: the concepts that each text may be about. Nothing is written to the store."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

import click

from referentiel import console
from referentiel.commands.backup import checkpoint
from referentiel.console import Refusal

if TYPE_CHECKING:
    from referentiel.linking.candidate import Candidate
    from referentiel.linking.concepts import Kind
    from referentiel.linking.embeddings import Model
    from referentiel.linking.scorers import Scoring
    from referentiel.linking.stored import Source
    from referentiel.settings import Settings

Found = list[tuple[str, str, "list[Candidate]"]]
"""Identifier and text of what was asked, and what was found for it."""

Asked = tuple[str, tuple[str, ...], int, tuple[str, ...], "Path | None"]
"""Kind, vocabularies, how many, fiches of ROME, and the folder of a model."""

_FICHE: Final = re.compile(r"[A-Z]\d{4}")
_COLUMNS: Final = ("id", "rank", "target", "label", "score")
_MAX_BYTES: Final = 1 << 26


@click.command()
@click.argument("source", metavar="FICHIER|CERTIFICATION")
@click.option(
    "--kind", type=click.Choice(["skill", "occupation"]), default="skill", show_default=True, help="Compétences ou métiers."
)
@click.option(
    "--scheme", "schemes", type=click.Choice(["esco", "rome"]), multiple=True, help="Un seul vocabulaire (à défaut : les deux)."
)
@click.option(
    "-k", "k", type=click.IntRange(1, 1000), default=10, show_default=True, metavar="N", help="Candidats par texte, au plus."
)
@click.option(
    "--format", "form", type=click.Choice(["tsv", "sssom"]), default="tsv", show_default=True, help="Forme de la réponse."
)
@click.option("--output", "-o", default="-", metavar="FICHIER", help="Fichier de la réponse (à défaut : la sortie standard).")
@click.option("--rome", "codes", multiple=True, metavar="CODE", help="Fiche ROME d'une certification, M1805 : mène à des métiers.")
@click.option("--model", type=click.Path(path_type=Path), metavar="DOSSIER", help="Modèle de phrases (ONNX) à consulter aussi.")
@click.option("--force", is_flag=True, help="Remplace un fichier qui existe.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DOSSIER", help="Dossier du magasin de graphes.")
def candidates(
    source: str,
    kind: Literal["skill", "occupation"],
    schemes: tuple[str, ...],
    k: int,
    form: Literal["tsv", "sssom"],
    output: str,
    codes: tuple[str, ...],
    model: Path | None,
    store: Path | None,
    *,
    force: bool,
) -> None:
    """Propose des liens vers ESCO et ROME, que le serveur se serve du magasin ou non. Rien n'est décidé ni enregistré.

    FICHIER : deux colonnes séparées par une tabulation, identifiant et texte (« - » : entrée standard). CERTIFICATION : son
    identifiant ; chacune de ses compétences est cherchée, ou avec --kind occupation son intitulé. Les vocabulaires sont ceux du
    magasin (referentiel import).
    """
    from referentiel.linking.finder import NoConcepts
    from referentiel.store import StoreError
    from referentiel.store.embedded import LIVE
    from referentiel.store.snapshot import Snapshot

    settings = console.load_settings(store)
    if not (settings.store / LIVE).is_dir():
        raise Refusal(f"{settings.store} : attendu le dossier d'un magasin ; trouvé : rien de tel.")
    if output != "-" and Path(output).exists() and not force:
        raise Refusal(f"{output} existe déjà. Pour le remplacer : --force.")
    _require_fiches(codes, kind)
    try:
        with checkpoint(settings.store) as folder:
            found = _found(source, Snapshot(folder / LIVE), settings, (kind, schemes, k, codes, model))
    except NoConcepts as error:
        expected = "attendu un magasin qui tient ESCO ou ROME ; trouvé : aucun"
        raise Refusal(f"{expected}. Pour les y mettre : referentiel import.") from error
    except StoreError as error:
        raise Refusal(f"le magasin {settings.store} ne se lit pas : {error.french or error}.") from error
    console.write_output(output, _sssom(found, settings) if form == "sssom" else _table(found), force=force)


def _require_fiches(codes: tuple[str, ...], kind: str) -> None:
    """Raise Refusal for a code that is none, or that says nothing of what is looked for."""
    unfit = next((code for code in codes if not _FICHE.fullmatch(code)), None)
    if unfit is not None:
        raise Refusal(f"--rome : attendu le code d'une fiche ROME, comme M1805 ; trouvé « {unfit} ».")
    if codes and kind != "occupation":
        raise Refusal("--rome mène à des métiers, non à des compétences : ajoutez --kind occupation.")


def _found(source: str, copy: Source, settings: Settings, asked: Asked) -> Found:
    """What is found in the vocabularies of a store. Raises Refusal, NoConcepts, StoreError."""
    from referentiel.linking import occupations
    from referentiel.linking.concepts import Kind
    from referentiel.linking.finder import SCORERS
    from referentiel.linking.stored import CACHE, finder_of

    kind, schemes, k, codes, folder = asked
    texts = _texts(source, copy, settings, Kind(kind), titled=not codes)
    cache = settings.store / CACHE
    scorers: tuple[Scoring, ...] = (*SCORERS, _model(folder, cache)) if folder else SCORERS
    finder = finder_of(copy, settings.base, cache, scorers)
    if codes:
        leading = occupations.crosswalk(copy, settings.base, codes)
        return [(name, text, occupations.candidates(finder, text, leading, k, schemes or None)) for name, text in texts]
    return [(name, text, finder.candidates(text, k, Kind(kind), schemes or None)) for name, text in texts]


def _model(folder: Path, cache: Path) -> Model:
    from referentiel.linking.embeddings import Model, UnusableModel

    try:
        return Model(folder, cache)
    except UnusableModel as error:
        raise Refusal(f"--model : {error}.") from error


def _texts(source: str, copy: Source, settings: Settings, kind: Kind, *, titled: bool) -> Sequence[tuple[str, str]]:
    """What is to be linked: the rows of a table, or what a certification has. Raises Refusal.

    `titled`: a certification without a title has nothing to be linked to occupations by.
    """
    from referentiel.linking import questions
    from referentiel.linking.faults import UnreadableMappings
    from referentiel.linking.stored import texts_of

    path = Path(source)
    if source != "-" and not path.is_file():
        name = f"{settings.base}certification/{quote(source)}"
        found = texts_of(copy, name, kind)
        if not found and titled:
            expected = "le nom d'un fichier, ou l'identifiant d'une certification du magasin qui a "
            expected += "des compétences" if kind == "skill" else "un intitulé (sinon : --rome CODE)"
            raise Refusal(f"{source} : attendu {expected} ; trouvé : rien de tel.")
        return found or [(name, "")]
    data = sys.stdin.buffer.read(_MAX_BYTES + 1) if source == "-" else console.read_file(path)
    if len(data) > _MAX_BYTES:
        raise Refusal(f"{source} : attendu {_MAX_BYTES >> 20} Mio au plus. Partagez le fichier.")
    try:
        return questions.read(data)
    except UnreadableMappings as error:
        raise Refusal(f"{source} ne peut pas être lu ; rien n'a été écrit.\n{error}") from error


def _table(found: Found) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(_COLUMNS)
    for name, _, best in found:
        for rank, each in enumerate(best, start=1):
            table.writerow((name, rank, each.concept.iri, each.concept.label, each.score))
    return out.getvalue().encode()


def _sssom(found: Found, settings: Settings) -> bytes:
    """As a mapping set that nobody has decided on: only an IRI can be the subject of a mapping. Raises Refusal."""
    from datetime import date

    from rdflib import URIRef

    from referentiel.linking import sssom
    from referentiel.linking.mapping import Mapping, MappingSet
    from referentiel.vocabulary import CC_BY, SEMAPV, SKOS

    nameless = next((name for name, _, _ in found if "://" not in name), None)
    if nameless is not None:
        raise Refusal(f"attendu un IRI pour chaque texte, comme SSSOM le veut ; trouvé : « {nameless} ». Choisissez --format tsv.")
    mappings = tuple(
        Mapping(
            subject=URIRef(name),
            subject_label=text,
            predicate=SKOS.mappingRelation,  # which relation it is, a person says
            object=URIRef(each.concept.iri),
            object_label=each.concept.label,
            object_source=URIRef(f"{settings.base}vocabulary/{each.concept.scheme}"),
            justification=SEMAPV.LexicalMatching,
            score=each.score,
            author="",
            date=date.today(),
        )
        for name, text, best in found
        for each in best
    )
    iri = URIRef(f"{settings.base}mapping-set/candidates")
    return sssom.write(MappingSet(iri=iri, title="Candidats, non décidés", licence=CC_BY, mappings=mappings)).encode()
