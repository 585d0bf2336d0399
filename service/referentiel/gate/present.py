"""The store as it is during one turn of the gate: nobody else writes, so that what is asked twice is read once."""

from __future__ import annotations

from referentiel.store import Engine, Name, Statements


class Present:
    """What the gate asks of an engine, its graphs kept until it forgets them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._graphs: dict[Name, Statements] = {}
        self.query = engine.query
        self.among = engine.among

    def statements(self, name: Name) -> Statements:
        """One graph, as statements; see Engine.statements."""
        if name not in self._graphs:
            self._graphs[name] = self._engine.statements(name)
        return self._graphs[name]

    def forget(self) -> None:
        """Read everything anew from now on."""
        self._graphs.clear()
