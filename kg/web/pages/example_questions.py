"""Questions to begin with, out of the catalogue."""

from functools import cache

from kg.queries import Query, catalogue

__all__ = ["examples"]

_NUMBER = 6
_KINDS = {"date", "topic", "agent"}


@cache
def examples() -> tuple[str, ...]:
    """Some phrasings with the values of their examples, spread over the catalogue."""
    made = [_asked(it) for it in catalogue().values() if _KINDS & {p.kind for p in it.parameters.values()}]
    step = max(1, len(made) // _NUMBER)
    return tuple(made[::step][:_NUMBER])


def _asked(query: Query) -> str:
    values = {name: parameter.example for name, parameter in query.parameters.items()}
    words = query.phrasings[0].format(**values)
    return f"{words[:1].upper()}{words[1:]}?"
