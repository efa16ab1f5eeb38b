"""What is wrong with the text of a query, in words for whoever wrote it."""

import re
from collections.abc import Collection

from kg.errors import QuerySyntaxError

__all__ = ["OPAQUE", "has_position", "syntax_error"]

_POSITION = re.compile(r"error at (\d+):(\d+): ?(.*)", re.DOTALL)
_EXPECTED = re.compile(r"expected (?:one of )?(?P<options>.+)", re.DOTALL)
_OPTION = re.compile(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,\s][^,]*')
_MOST = 8  # options that a person looks through
# What a token that may come next begins, as the engine writes it; what nobody writes is left out.
_BEGINS = {
    '"$"': "a variable",
    '"?"': "a variable",
    '"<"': "an IRI",
    '":"': "an IRI",
    '"\'"': "a literal",
    "\"'''\"": "a literal",
    '"\\""': "a literal",
    '"\\"\\"\\""': "a literal",
    '"true"': "a literal",
    '"false"': "a literal",
    '"_:"': "a blank node",
    '"["': "a blank node",
    "['0'..='9']": "a number",
    '"<<"': "",
    '"<<("': "",
}
# Comments, IRIs and literals; what is not closed goes on to the end, so that nothing is gone through twice.
OPAQUE = r"""\#[^\n\r]* | <[^<>"{}|^`\\\x00-\x20]*> | \"{3}(?:.*?\"{3}|.*) | '{3}(?:.*?'{3}|.*)
        | "(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?"""
_TOKEN = re.compile(
    OPAQUE
    + r"""| [?$]\w+
        | \bPREFIX\s+(?P<declared>[\w.-]{0,200}): | (?P<used>[\w.-]{0,200}):(?:[\w.:%-]|\\.)* | \w+ | .""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def has_position(told: str) -> bool:
    """Whether what an engine says is of a text that does not parse, as Oxigraph says it."""
    return _POSITION.match(told) is not None


def syntax_error(told: str, text: str, prefixes: Collection[str] = ()) -> QuerySyntaxError:
    """The error to raise for one of an engine's parser.

    Args:
        told: What the engine says.
        text: What it was to parse.
        prefixes: That are declared beside those in the text.
    """
    told = " ".join(told.split())
    found = _POSITION.search(told)
    if found is None:
        return QuerySyntaxError(told)
    line, column = int(found[1]), int(found[2])
    unknown = _unknown_prefix(text, prefixes, (line, column))
    return QuerySyntaxError(_readable(found[3]), line, column) if unknown is None else unknown


def _readable(told: str) -> str:
    found = _EXPECTED.fullmatch(told)
    if found is None:
        return told
    options: list[str] = [it.strip() for it in _OPTION.findall(found["options"])]
    if sentences := [it for it in options if it[0].isupper() and " " in it]:  # of the engine itself
        return sentences[0]
    words = [_BEGINS.get(it, "" if it.startswith("[") else it) for it in options]
    kept = [*dict.fromkeys(filter(None, words))]
    if not kept:
        return "this is not expected here"
    more = ["…"] if len(kept) > _MOST else []
    return f"expected {'one of ' if len(kept) > 1 else ''}{', '.join([*kept[:_MOST], *more])}"


def _unknown_prefix(text: str, prefixes: Collection[str], until: tuple[int, int]) -> QuerySyntaxError | None:
    """The first prefix that is not declared, if it stands before the place where the parser stopped."""
    declared = {"_", *prefixes}
    for token in _TOKEN.finditer(text):
        if token["declared"] is not None:
            declared.add(token["declared"])
        elif token["used"] is not None and token["used"] not in declared:
            before = text[: token.start()]
            line, column = before.count("\n") + 1, token.start() - before.rfind("\n")
            if (line, column) > until:
                return None
            return QuerySyntaxError(f"the prefix {token['used']}: is not declared", line, column)
    return None
