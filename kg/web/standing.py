"""Keeps answers ready to what is asked of the whole store, such as how often each topic comes up."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from kg.errors import KgError
from kg.guard import Guard, Question
from kg.queries import catalogue

__all__ = ["asked", "keep_ready", "texts"]

_ROUND = 5.0  # seconds between two looks at the store
_REST = 10  # how many times as long as it took, the processors are left to those who ask


def asked(text: str, rows: str = "json") -> Question:
    """A question of the catalogue, bound to its values, as a question to the guard."""
    return Question(text, rows=rows, triples=None)


def texts(topics: Iterable[str]) -> Iterator[str]:
    """The questions that sum up the whole store, and those that sum up all that is said on a topic."""
    for query in catalogue().values():
        if query.sums_up and not query.required:
            yield query.bind({})
    for topic in topics:
        for query in catalogue().values():
            if query.sums_up and query.required == ("topic",):
                yield query.bind({"topic": topic})


async def keep_ready(
    guard: Guard, version: Callable[[], str | None], topics: Callable[[], Iterable[str]]
) -> None:
    """Ask each of these questions in each new state of the store; never returns.

    Args:
        guard: Keeps the answers.
        version: Tells the state of the store; `None` if nobody can, then nothing is kept.
        topics: IRIs of what is talked about, the most frequent first.
    """
    ready = None
    while True:
        now, began = version(), time.monotonic()
        if now is not None and now != ready:
            for text in texts(await asyncio.to_thread(topics)):
                with suppress(KgError):
                    (await guard.ask(asked(text))).close()
            ready = now
        await asyncio.sleep(_ROUND + _REST * (time.monotonic() - began))
