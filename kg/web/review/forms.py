"""The forms of reviewers: what they bring, and what narrows the queue."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from fastapi import Request

from kg.errors import InputError
from kg.review.queue import QueueFilter
from kg.terms import BASE

__all__ = ["address_of", "changed", "filter_of", "form_of", "one", "split"]


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a form, with all their values."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qs(body, keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise InputError("the form has too many fields") from error


def one(given: Mapping[str, list[str]], name: str) -> str:
    """The value of a field; empty without it."""
    return given.get(name, [""])[0]


def split(values: list[str]) -> list[str]:
    """The values of a field in which commas separate several."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def changed(now: Mapping[str, tuple[str, ...]], given: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The fields that a form gives another value."""
    wanted = {name: split(given[name]) for name in now if name in given}
    return {name: values for name, values in wanted.items() if values != [*now[name]]}


def filter_of(document: str, about: str, kind: str, doubt: str) -> QueueFilter:
    """What a reviewer wants to see."""
    full = about if "://" in about or not about else f"{BASE}id/{about}"
    return QueueFilter(document.strip(), full, kind, doubt)


def address_of(wanted: QueueFilter) -> dict[str, str]:
    """The same as parameters of an address."""
    return {
        "document": wanted.document,
        "about": wanted.about.removeprefix(f"{BASE}id/"),
        "kind": wanted.kind,
        "doubt": wanted.doubt,
    }
