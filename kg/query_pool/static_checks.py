"""What can be told from the text of a query before it runs."""

import re
from collections.abc import Collection, Iterator

from kg.errors import ForbiddenError

__all__ = ["is_volatile", "refuse_loads", "refuse_outside_calls"]

_MOST_WORDS = 50  # in one text
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE|SERVICE)\b", re.IGNORECASE)
_GAP = r"(?:\s|\#[^\n\r]*+[\n\r])*+"
# Every place that could be a SERVICE clause, inside of a text or comment too: telling those apart takes the
# engine's own parser, and being wrong once lets a query out.
_SERVICE = re.compile(
    rf"""service {_GAP} (?:silent {_GAP})?
    (?P<target> <[^<>]*> | [?$]\w++ | [^\s<>{{}}"'()?$\#:]*+:(?:\\.|[^\s<>{{}}"\#\\])*+ )
    {_GAP} \{{""",
    re.IGNORECASE | re.VERBOSE,
)
_LOAD = re.compile(
    rf"""load {_GAP} (?:silent {_GAP})? (?:<[^<>]*> | [^\s<>{{}}"'()?$\#:]*+:)""", re.IGNORECASE | re.VERBOSE
)
_HOST = re.compile(
    r"<https?://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?P<port>:\d+)?(?:[/?#][^<>]*)?>", re.IGNORECASE
)


def is_volatile(query: str) -> bool:
    """Whether the same query on the same store may have another answer next time."""
    return _VOLATILE.search(_unescaped(query)) is not None


def refuse_outside_calls(query: str, allowed: Collection[str]) -> None:
    """Refuse a query that would ask a host that the operator has not listed.

    Args:
        query: A query or an update.
        allowed: Hosts, in lower case; with a port, only that port.

    Raises:
        ForbiddenError: a SERVICE clause names another host, or none that can be read off it.
    """
    for clause in _clauses("service", _SERVICE, _unescaped(query)):
        if not _is_allowed(clause["target"], allowed):
            raise ForbiddenError(
                f"SERVICE {clause['target']} is not allowed here; "
                + (f"these hosts are, written out: {', '.join(sorted(allowed))}" if allowed
                   else "ask that endpoint itself")
            )  # fmt: skip


def refuse_loads(update: str) -> None:
    """Refuse an update that would fetch a document.

    Raises:
        ForbiddenError: it has, or seems to have, a LOAD.
    """
    if any(_clauses("load", _LOAD, _unescaped(update))):
        raise ForbiddenError("LOAD is not allowed here; fetch the document and send its triples")


def _clauses(word: str, clause: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What may be such clauses; each of few words is looked at once, so that the time grows with the text."""
    for number, found in enumerate(re.finditer(word, text, re.IGNORECASE)):
        if number == _MOST_WORDS:
            raise ForbiddenError(f"the text has the word {word.upper()} more than {_MOST_WORDS} times")
        if (match := clause.match(text, found.start())) is not None:
            yield match


def _is_allowed(target: str, allowed: Collection[str]) -> bool:
    found = _HOST.fullmatch(target)
    if found is None:
        return False
    host = found["host"].lower()
    return host in allowed or f"{host}{found['port'] or ''}" in allowed


def _unescaped(query: str) -> str:
    """The text with its code point escapes (SPARQL 1.1, section 19.2) resolved."""
    if "\\" not in query:
        return query
    return _ESCAPE.sub(lambda escape: _character(int(escape[1] or escape[2], 16)), query)


def _character(number: int) -> str:
    return chr(number) if number <= 0x10FFFF else "\ufffd"
