"""Which graphs each write changed, for whoever keeps something in step with a store: the last writes only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["History", "revision_of"]

_MOST = 64  # writes
_MOST_GRAPHS = 4_000  # of one write; of a larger one it is not told which


def revision_of(number: int) -> str:
    """The name of a revision: later ones sort after earlier ones."""
    return f"{number:020d}"


@dataclass(slots=True)
class History:
    """The writes of one store, in order.

    Attributes:
        path: Of the file that keeps them; without it they last as long as this.
        writes: Revision before, revision after, and the graphs; `None` if it is not known which.
    """

    path: Path | None = None
    writes: list[tuple[str, str, frozenset[str] | None]] = field(default_factory=list)

    def note(self, before: str, after: str, graphs: Iterable[str] | None) -> None:
        """Note a write."""
        changed = None if graphs is None else frozenset(graphs)
        if changed is not None and len(changed) > _MOST_GRAPHS:
            changed = None
        self._read()
        self.writes = [*self.writes[-_MOST + 1 :], (before, after, changed)]
        if self.path is not None:
            told = [[start, end, None if its is None else sorted(its)] for start, end, its in self.writes]
            new = self.path.with_name(f"{self.path.name}.new")
            new.write_text("".join(json.dumps(it) + "\n" for it in told), encoding="utf-8")
            new.replace(self.path)

    def between(self, since: str, until: str) -> frozenset[str] | None:
        """The graphs that changed from one revision to another; `None` if that is not known."""
        self._read()
        found, at = frozenset[str](), until
        for before, after, graphs in reversed(self.writes):
            if at == since:
                break
            if after == at:
                if graphs is None:
                    return None
                found, at = found | graphs, before
        return found if at == since else None

    def _read(self) -> None:
        if self.path is None:
            return
        try:
            lines = [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]
            self.writes = [(it[0], it[1], None if it[2] is None else frozenset(it[2])) for it in lines]
        except (OSError, ValueError, IndexError, TypeError):
            self.writes = []  # whoever follows then compares all there is
