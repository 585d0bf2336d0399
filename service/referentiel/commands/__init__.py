"""The subcommands of `referentiel` that need more than a call: one module each."""
