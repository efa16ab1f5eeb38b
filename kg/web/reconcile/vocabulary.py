"""Which types and properties the service knows, and how it calls things."""

import re
from dataclasses import dataclass

from kg.identity import kind_slug
from kg.terms import BASE, KG
from kg.views.event_index import EventIndex

__all__ = ["PROPERTIES", "TYPES", "Property", "class_of", "described", "folders_of", "iri_of", "is_iri"]

# Type, as the ontology calls it, and the folder of the identifiers.
TYPES = {
    "Person": "person",
    "Organization": "organization",
    "Country": "country",
    "Group": "group",
    "Topic": "topic",
    "Policy": "policy",
    "Office": "office",
    "Place": "place",
    "Document": "document",
}
_PATH = re.compile(r"[a-z-]+/[A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True)
class Property:
    """A property whose values can be compared and fetched.

    Attributes:
        id: Local name in the ontology; a language after a hyphen.
        name: For people.
        types: Types that have it; all without them.
        target: Type of its values, if they are things.
    """

    id: str
    name: str
    types: tuple[str, ...] = ()
    target: str | None = None


_ALL = (
    Property("prefLabel-en", "English name"),
    Property("prefLabel-zh", "Chinese name"),
    Property("altLabel", "other names"),
    Property("definition", "definition", ("Topic", "Policy")),
    Property("sameAs", "same as (Wikidata)"),
    Property("represents", "acts for", ("Person", "Organization", "Group"), "Country"),
    Property("heldOffice", "office held", ("Person",), "Office"),
    Property("officeOf", "office of", ("Office",)),
    Property("broader", "broader topic", ("Topic", "Policy"), "Topic"),
)
PROPERTIES = {it.id: it for it in _ALL}


def iri_of(identifier: str) -> str | None:
    """The IRI of a thing that the service names by its path; `None` if it is no path."""
    path = identifier.removeprefix(f"{BASE}id/")
    return f"{BASE}id/{path}" if _PATH.fullmatch(path) else None


def class_of(type_: str) -> str:
    """The class that a type names: by local name, IRI or folder, as `Person`, `kg:Person` or `person`."""
    name = re.split(r"[#:/]", type_)[-1]
    return next(
        (known for known, folder in TYPES.items() if name.casefold() in (known.casefold(), folder)), name
    )


def folders_of(type_: str) -> tuple[str, ...]:
    """The folders in which things of a type may be; none if there is no such type."""
    name = class_of(type_)
    if name in TYPES:
        return (TYPES[name],)
    if name == "Agent":
        return tuple(TYPES[it] for it in ("Person", "Organization", "Country", "Group"))
    folder = kind_slug(name)
    return (folder,) if name in KG.__annotations__ and folder in TYPES.values() else ()


def is_iri(text: str) -> bool:
    """Whether a text can stand for something of another site."""
    return re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", text) is not None


def described(iri: str, event_index: EventIndex) -> dict[str, str]:
    """Identifier, name and, to tell namesakes apart, what kind of thing it is and its Chinese name."""
    summary = event_index.documents.get(iri)
    names = event_index.name(iri)
    path = iri.removeprefix(f"{BASE}id/")
    kind = path.partition("/")[0]
    notes = [kind, summary.issued if summary else names.zh]
    return {
        "id": path,
        "name": summary.title if summary else names.en,
        "description": " · ".join(note for note in notes if note),
    }
