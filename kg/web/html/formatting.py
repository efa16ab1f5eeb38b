"""How values read to people: dates, durations, identifiers, and text that may be hostile."""

import re
from urllib.parse import quote

from markupsafe import Markup, escape

from kg.terms import BASE
from kg.views.hidden_characters import replaced

__all__ = ["day", "folder_of", "local", "long_duration", "path_of", "shown", "slug_of", "spaced"]

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_UNITS = ("day", "hour", "minute", "second")


def day(value: str | None) -> str:
    """A date of any precision in words: `5 June 2025`, `June 2025`, `2025`."""
    if not value:
        return "undated"
    found = _DATE.fullmatch(value)
    if found is None:
        return value
    year, month, number = found.groups()
    name = _MONTHS[int(month) - 1]
    return f"{int(number)} {name} {year}" if number else f"{name} {year}"


def long_duration(value: str | None) -> str:
    """A duration in words: `1 hour 30 minutes`."""
    found = _DURATION.fullmatch(value or "")
    if found is None:
        return value or ""
    parts = [(number, unit) for number, unit in zip(found.groups(), _UNITS, strict=True) if number]
    return " ".join(f"{number} {unit}{'' if number == '1' else 's'}" for number, unit in parts)


def slug_of(iri: str) -> str:
    """The part of an IRI after `id/` (`person/xi-jinping`); the whole IRI if it is not one of ours."""
    return iri.removeprefix(f"{BASE}id/")


def local(iri: str) -> str:
    """The name of a term without its namespace."""
    return re.split(r"[#/]", iri)[-1]


def folder_of(iri: str) -> str:
    """What kind of thing an IRI of ours names: `person`, `trade-talk`; empty if it is not one of ours."""
    return slug_of(iri).split("/")[0] if iri.startswith(f"{BASE}id/") else ""


def spaced(name: str) -> str:
    """The name of a term in words: `toBeDetermined` becomes `to be determined`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").lower()


def path_of(iri: str) -> str:
    """Where this server tells of an IRI: `/id/person/xi-jinping`; the IRI itself if it is not one of ours."""
    if iri.startswith(f"{BASE}id/"):
        return "/id/" + quote(slug_of(iri), safe="/-._~")
    return iri


def shown(text: str | None) -> Markup:
    """Text from outside as inert markup: escaped, isolated, and with invisible marks made visible."""
    safe = replaced(str(escape(text or "")), _visible)
    return Markup("<bdi>%s</bdi>") % Markup(safe)  # escaped above; the marks are ours


def _visible(name: str) -> str:
    return f'<span class="ctl" title="control character {name}">{name}</span>'
