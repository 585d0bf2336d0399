"""Errors in how the command was called, in French: click speaks English."""

from __future__ import annotations

import click


def explain(error: click.UsageError) -> str:
    """What was expected of the command line, and where help is."""
    context = error.ctx
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.ctx.get_help()
    command = context.command_path if context is not None else "referentiel"
    return f"Commande mal formée : {_reason(error)}\nAide : {command} --help"


def _reason(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        return f"il manque {_name(error.param).removesuffix('...')}."
    if isinstance(error, click.NoSuchOption):
        close = f" Vouliez-vous dire {', '.join(error.possibilities)} ?" if error.possibilities else ""
        return f"l'option {error.option_name} n'existe pas.{close}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)} attend {_expected(error.param)}."
    if isinstance(error.ctx, click.Context) and isinstance(error.ctx.command, click.Group):
        return f"commandes possibles : {', '.join(error.ctx.command.list_commands(error.ctx))}."
    return error.message


def _expected(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter else None
    if isinstance(kind, click.Choice):
        return "l'un des mots " + ", ".join(kind.choices)
    if isinstance(kind, click.IntRange):
        return f"un entier de {kind.min} à {kind.max}"
    return "une autre valeur"


def _name(parameter: click.Parameter | None) -> str:
    """A parameter as the help shows it."""
    if parameter is None:
        return "un argument"
    return parameter.opts[0] if isinstance(parameter, click.Option) else str(parameter.metavar)
