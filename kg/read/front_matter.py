"""The fields at the head of a Markdown file."""

import re
from collections.abc import Iterator

import yaml

from kg.read.metadata import Fields
from kg.read.source import Source

__all__ = ["divided"]

_BLOCK = re.compile(r"\A---\r?\n(.*?\r?\n)---(?:\r?\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"\A---\r?\n\w+:")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where the platform has it
_LONGEST = 65_536  # characters
_DEEPEST = 20  # collections within one another


def divided(source: Source, text: str) -> tuple[Fields | None, str]:
    """The front matter of a text, `None` if it has none, and the body below it.

    Raises:
        UnreadableDocumentError: it is not closed, no YAML, or larger or deeper than such fields are.
    """
    block = _BLOCK.match(text)
    if block is not None:
        return _fields(source, block[1]), text[block.end() :]
    if _OPENED.match(text):
        raise source.error("the front matter is not closed; end it with a line ---", line=1)
    return None, text


def _fields(source: Source, block: str) -> Fields:
    """The scalar fields as written, so that no date or number is reinterpreted."""
    if len(block) > _LONGEST:
        raise source.error(f"the front matter is longer than {_LONGEST} characters; keep the fields only")
    try:
        events = _level(source, block)
        depth, first = next(events, (0, None))
        if depth != 1 or not isinstance(first, yaml.MappingStartEvent):
            raise source.error("the front matter holds no fields; write them as key: value", line=2)
        return _pairs([event for depth, event in events if depth - _opens(event) == 1])
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else None
        raise source.error(f"the front matter is no YAML: {error.problem}", line=line) from error
    except yaml.YAMLError as error:
        raise source.error(f"the front matter is no YAML: {error}") from error


def _level(source: Source, block: str) -> Iterator[tuple[int, yaml.Event]]:
    """The events of a block and how deep they lie; the parser is asked for no more than is allowed.

    Events rather than nodes: nodes are put together by a function that calls itself, in C without a bound.
    """
    depth = 0
    for event in yaml.parse(block, Loader=_LOADER):
        if _opens(event):
            depth += 1
            if depth > _DEEPEST:
                raise source.error(f"the front matter is nested more than {_DEEPEST} deep", line=_line(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.NodeEvent):
            yield depth, event


def _line(event: yaml.Event) -> int:
    """The line of the file; the block begins in its second one."""
    return 2 if event.start_mark is None else event.start_mark.line + 2


def _opens(event: yaml.Event) -> bool:
    return isinstance(event, yaml.CollectionStartEvent)


def _pairs(nodes: list[yaml.Event]) -> Fields:
    """Keys with their values, of which only scalars count."""
    return {
        key.value: (value.value, _line(key))
        for key, value in zip(nodes[::2], nodes[1::2], strict=False)
        if isinstance(key, yaml.ScalarEvent) and isinstance(value, yaml.ScalarEvent)
    }
