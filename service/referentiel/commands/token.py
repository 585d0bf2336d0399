"""The commands `referentiel token …`: who may write, told to the operator in French."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from referentiel import console
from referentiel.console import Refusal

if TYPE_CHECKING:
    from referentiel.access import Operation, Token, Tokens

_UNFIT: Final = {
    "name": "--name : attendu de 1 à 100 caractères imprimables, sans espace au bord ; « local » et « referentiel » sont pris ;"
    " trouvé « {found} ».",
    "certifications": "--certification : attendu un identifiant, où « * » et « ? » tiennent lieu d'autres caractères, comme RNCP* ;"
    " trouvé « {found} ».",
    "expires": "--expires : attendu un moment à venir ; trouvé « {found} ».",
}
_COLUMNS: Final = ("JETON", "NOM", "OPÉRATIONS", "CERTIFICATIONS", "CRÉÉ", "EXPIRE", "SERVI", "ÉTAT")
_DAYS: Final = re.compile(r"([0-9]{1,5})[dj]")

_store = click.option("--store", type=click.Path(path_type=Path), metavar="DOSSIER", help="Dossier du magasin de graphes.")


@click.group()
def token() -> None:
    """Fait, liste et révoque les jetons de ceux qui peuvent écrire par le réseau."""


@token.command()
@click.option("--name", required=True, metavar="NOM", help="Qui le tiendra : l'historique dira ce nom.")
@click.option(
    "--certification",
    "certifications",
    multiple=True,
    metavar="MOTIF",
    help="Certifications qu'il peut écrire (« * » et « ? » admis) ; plusieurs fois si besoin ; toutes à défaut.",
)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    type=click.Choice(["write", "withdraw", "graphs"]),
    help="write : écrire (à défaut) ; withdraw : retirer ; graphs : écrire les autres graphes. Plusieurs fois si besoin.",
)
@click.option("--expires", metavar="90d|AAAA-MM-JJ", help="Durée en jours, ou dernier jour où il vaut (UTC) ; sans fin à défaut.")
@_store
def create(
    name: str, certifications: Sequence[str], operations: Sequence[Operation], expires: str | None, store: Path | None
) -> None:
    """Fait un jeton. Il est affiché une seule fois, sur la sortie standard ; le magasin n'en garde qu'une empreinte."""
    from referentiel.access import UnfitToken

    with _tokens(store) as tokens:
        try:
            text = tokens.create(name, operations or ("write",), certifications or ("*",), _end(expires))
        except UnfitToken as error:
            raise Refusal(_UNFIT[error.part].format(found=error.found)) from error
    click.echo("Jeton fait. Il ne sera plus jamais affiché : gardez-le comme un mot de passe.", err=True)
    click.echo("Il s'emploie dans l'en-tête « Authorization: Bearer JETON », jamais dans une adresse.", err=True)
    click.echo(text)


@token.command("list")
@_store
def list_(store: Path | None) -> None:
    """Liste les jetons, révoqués et expirés compris."""
    with _tokens(store) as tokens:
        rows = [_COLUMNS, *map(_row, tokens.listed())]
    if len(rows) == 1:
        click.echo("Aucun jeton. Pour en faire un : referentiel token create --name NOM", err=True)
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@token.command()
@click.argument("id_", metavar="JETON")
@_store
def revoke(id_: str, store: Path | None) -> None:
    """Révoque un jeton, par son identifiant (colonne JETON de « token list ») : il n'ouvre plus rien, dès maintenant."""
    from referentiel.access import UnknownToken

    with _tokens(store) as tokens:
        try:
            revoked = tokens.revoke(id_)
        except UnknownToken as error:
            raise Refusal("aucun jeton n'a cet identifiant. Pour les voir : referentiel token list") from error
    click.echo(f"Jeton {revoked.id} ({revoked.name}) : révoqué.")


@contextmanager
def _tokens(store: Path | None) -> Iterator[Tokens]:
    """The tokens of the store, which a server may have open. Raises Refusal where they can't be read or written."""
    from referentiel.access import FILE, DamagedTokens, Tokens

    path = console.load_settings(store).store / FILE
    try:
        yield Tokens(path)
    except DamagedTokens as error:
        raise Refusal(
            f"le fichier des jetons ne peut pas servir ({error.reason}) : {path}."
            " Rétablissez-le d'une sauvegarde, ou supprimez-le et refaites les jetons."
        ) from error
    except OSError as error:
        raise Refusal(f"{path} ne peut pas être écrit ({error.strerror or error}). Rien n'a changé.") from error


def _end(text: str | None) -> datetime | None:
    """When a token ends. Raises Refusal."""
    if text is None:
        return None
    now = datetime.now(UTC)
    try:
        if days := _DAYS.fullmatch(text):
            return now + timedelta(days=int(days[1]))
        last = datetime.strptime(text, "%Y-%m-%d").date()
        return datetime.combine(last + timedelta(days=1), time(), UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal(f"--expires : attendu un nombre de jours (90d) ou une date (2027-01-31) ; trouvé « {text} ».") from error


def _row(token: Token) -> tuple[str, ...]:
    now = datetime.now(UTC)
    state = "révoqué" if token.revoked else "valide" if token.is_valid(now) else "expiré"
    last = token.expires and (token.expires - timedelta(microseconds=1)).date()
    return (
        token.id,
        token.name,
        " ".join(token.operations),
        " ".join(token.certifications),
        str(token.created.date()),
        str(last or "jamais"),
        str(token.last_used or "jamais"),
        state,
    )
