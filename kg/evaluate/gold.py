"""Reads annotations: what a person found in a document, one JSON file a document."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kg.errors import InputError
from kg.identity import slug
from kg.model import Polarity

AGENTS = "agents.tsv"


def _several(value: object) -> object:
    """One name or a list of names as a list; none as no name."""
    return [] if value is None else value if isinstance(value, list | tuple) else [value]


Slugs = Annotated[tuple[str, ...], BeforeValidator(_several)]


class _Annotation(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldEvent(_Annotation):
    """An annotated event.

    Attributes:
        type: Local name of a subclass of `kg:Event`.
        participants: Slugs of agents, in the order that means something for the type.
        date: `2025-06-05`, `2025-06` or `2025`, two of them with a slash between for a span; `None` if open.
        status: Local name of a `kg:EventStatus`.
        duration_minutes: Its length.
        discussed: Slugs of topics that the text says were raised.
        excluded: Slugs of topics that it says were not.
        quotes: Words of the body that show it.
    """

    type: str
    participants: Slugs = ()
    date: str | None = None
    status: str | None = None
    duration_minutes: float | None = None
    discussed: Slugs = ()
    excluded: Slugs = ()
    quotes: Slugs = ()


class GoldClaim(_Annotation):
    """An annotated claim.

    Attributes:
        type: Local name of a subclass of `kg:Claim`.
        claimant: Slugs of those who say it; none for the document's own voice.
        about: Slugs of topics.
        affirms: Slugs of policies.
        polarity: Whether the claimant denies it.
        quote: Its words in the body.
    """

    type: str
    claimant: Slugs = ()
    about: Slugs = ()
    affirms: Slugs = ()
    polarity: Polarity = "Affirmed"
    quote: str = Field(min_length=1)


class Gold(_Annotation):
    """The annotations of one document."""

    events: tuple[GoldEvent, ...] = ()
    claims: tuple[GoldClaim, ...] = ()


def read_gold(folder: Path) -> Iterator[tuple[str, Gold]]:
    """The annotations in `*.json` of a folder, each with the name of its document, sorted.

    Raises:
        InputError: there are none, or a file does not hold annotations; the message says where.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise InputError(f"{folder}: no annotations; they are files NAME.json, named like the documents")
    for path in paths:
        try:
            yield path.stem, Gold.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"{path}: {where + ': ' if where else ''}{first['msg']}") from error


def read_names(folder: Path) -> Mapping[str, str]:
    """The slug that annotations use, by the slug of each other name, from `agents.tsv`.

    The file stands in the folder or the one above, or is missing. Its columns are slug, label, two that are
    not read, and other names separated by semicolons; the first line is a heading.
    """
    path = next((place / AGENTS for place in (folder, folder.parent) if (place / AGENTS).is_file()), None)
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path else []
    names: dict[str, str] = {}
    for agent, *others in (line.split("\t") for line in lines):
        listed = others[3].replace("|", ";").split(";") if len(others) > 3 else []
        for name in (agent, *others[:1], *listed):
            if name.strip():
                names.setdefault(slug(name), agent)
    return names
