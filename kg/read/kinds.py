"""The class of a document, by what its source calls it, its title and its form."""

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

_Matcher: TypeAlias = Callable[[str, str], re.Match[str] | None]

# What a source calls a thing is a short label, in which a word anywhere counts.
_STATED = (
    (r"joint (?:statement|communiqu[eé]|declaration)|communiqu[eé]", "JointStatement"),
    (r"\bposts?\b|tweet|truth social", "Post"),
    (r"transcript|q ?& ?a|q and a|conference|gaggle|interview|remarks|briefings?$|press call", "Transcript"),
    (r"readout", "Readout"),
)
# A title is prose: “Trump posts …” or “Beijing rejects statement …” is news, so only its opening counts.
_TITLED = (
    (
        r"(?:full text(?: of)?:? )?joint (?:u\.s\.|statement|communiqu[eé]|declaration|fact sheet)",
        "JointStatement",
    ),
    (r"(?:press )?(?:remarks|toasts?|speech|address) (?:by|of|as|at|to)\b", "Transcript"),
    (
        r"(?:background|on-the-record|off-the-record)? ?press (?:call|gaggle|briefing|conference)\b",
        "Transcript",
    ),
    (r"(?:full )?transcript\b|.*\((?:press conference|transcript|interview|gaggle|q&a)\)", "Transcript"),
    (r".*\bregular press conference\b|.*\bpress conference (?:on|by|of|with)\b.*\d{4}$", "Transcript"),
    (r"read-?out (?:of|from|on)\b|.*: readout$", "Readout"),
)
# Sections of official sites that hold all sorts; the title knows better if it says anything.
_OFFICIAL_KIND = (r"statement|press release|fact.?sheet|releases|announcement|spokesperson", "Readout")
_OFFICIAL_TITLE = (r"(?:fact sheet|(?:press )?statement) ?(?:by|from|of|on|:)", "Readout")
_TURN = re.compile(r"^(?:Q|A|[A-Z][\w.'’-]*(?: [\w.'’()-]+){0,6})\s?:\s+\S", re.MULTILINE)
# Labels of a record, and of nobody who speaks.
_FIELD = re.compile(
    r"^(?:title|headline|hed|subject|date|published|updated|source|publisher|author|editors?|by(?:line)?|"
    r"section|length|dateline|body|text|url|link|language|country|tags?|keywords|category|copyright)\s?:",
    re.MULTILINE | re.IGNORECASE,
)
_TURNS = 2  # fewer lines that open with a speaker are no conversation


def kind(stated: str | None, title: str | None, body: str) -> str:
    """The local name of a subclass of `kg:Document`; an article if nothing shows another."""
    label, heading = (stated or "").lower(), (title or "").lower()
    found = (
        _first(_STATED, label, re.search)
        or _first(_TITLED, heading, re.match)
        or _first((_OFFICIAL_KIND,), label, re.search)
        or _first((_OFFICIAL_TITLE,), heading, re.match)
    )
    if found is None and not label and _is_conversation(body):
        return "Transcript"
    return found or "Article"


def _first(table: Iterable[tuple[str, str]], text: str, matches: _Matcher) -> str | None:
    return next((name for pattern, name in table if matches(pattern, text)), None)


def _is_conversation(body: str) -> bool:
    """Whether at least a third of the paragraphs open with a speaker."""
    paragraphs = sum(1 for line in body.splitlines() if line.strip())
    turns = sum(1 for turn in _TURN.finditer(body) if not _FIELD.match(body, turn.start()))
    return turns >= _TURNS and turns * 3 >= paragraphs
