"""Writes what the views know as bodies of answers: with names, and with addresses under which to go on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from kg.terms import BASE
from kg.views.document_list import DocumentSummary
from kg.views.event_index import EventIndex, EventSummary
from kg.views.statements import ACCOUNTS, StatementSummary
from kg.web.api.schemas import DocumentLink, Event, Names, Passage, Statement, Thing

__all__ = ["Serializer", "class_of"]

_ONTOLOGY = f"{BASE}ontology#"
_PRECISIONS = {7: "xsd:gYearMonth", 4: "xsd:gYear"}  # by length; of a whole day the context knows


def class_of(folder: str) -> str:
    """The class of a folder of events: `trade-talk` → `TradeTalk`."""
    return "".join(part.capitalize() for part in folder.split("-"))


@dataclass(frozen=True, slots=True)
class Serializer:
    """Writes for one request.

    Attributes:
        event_index: Names, events and documents.
        root: Address of the application, with the slash at its end.
        held: Where what reviews reject is written too, the events without it.
    """

    event_index: EventIndex
    root: str
    held: EventIndex | None = None

    @property
    def context(self) -> list[str | Mapping[str, str | Mapping[str, str]]]:
        """What the keys of a body mean."""
        day = {"@type": "xsd:date"}
        dates: dict[str, str | Mapping[str, str]] = {
            name: {"@id": f"kg:{name}", **day} for name in ("date", "endDate", "startDate")
        }
        return [f"{self.root}ontology/context.jsonld", {"items": "@included", **dates}]

    def href(self, iri: str) -> str:
        """Where this interface tells of a thing; its IRI if that is none of ours."""
        if not iri.startswith(f"{BASE}id/"):
            return iri
        path = iri.removeprefix(f"{BASE}id/")
        if path.startswith(("document/", "claim/")):
            folder = path.replace("/", "s/", 1)
        else:
            folder = f"events/{path}" if iri in self.event_index.by_iri else f"entities/{path}"
        return f"{self.root}api/v1/{quote(folder, safe='/-._~')}"

    def thing(self, iri: str) -> Thing:
        """A thing by its identifier."""
        if (event := self.event_index.by_iri.get(iri)) is not None:
            return Thing(iri, self.title(event), self.href(iri))
        if iri.startswith(_ONTOLOGY):
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", iri.removeprefix(_ONTOLOGY)).lower()
            return Thing(iri, words, f"{self.root}ontology#{iri.removeprefix(_ONTOLOGY)}")
        return Thing(iri, self.event_index.name(iri).en, self.href(iri), self.names(iri))

    def things(self, iris: Iterable[str]) -> tuple[Thing, ...]:
        """Things by their identifiers, in order."""
        return tuple(self.thing(iri) for iri in iris)

    def names(self, iri: str) -> Names | None:
        """The names of a thing by language; `None` if it has none."""
        known = self.event_index.names.get(iri)
        if known is None:
            return None
        found = {"en": known.en, "zh": known.zh}
        return {tag: name for tag, name in found.items() if name and (tag == "zh" or name != known.zh)}

    def title(self, event: EventSummary) -> str:
        """An event in words, with its date."""
        title = self.event_index.title(event)
        return f"{title}, {event.date}" if event.date else title

    def event(self, it: EventSummary) -> Event:
        """An event in few words."""
        return Event(
            id=it.iri,
            type=class_of(it.kind),
            name=self.title(it),
            href=self.href(it.iri),
            status=it.status,
            participant=self.things(it.agents),
            discussedTopic=self.things(it.discussed),
            excludedTopic=self.things(it.excluded),
            accounts=tuple(account for account in ACCOUNTS if account in it.accounts),
            date=it.date,
            endDate=it.end,
            dateBasis=it.date_basis or None,  # type: ignore[arg-type]  # a value of the ontology
            rejected=self._rejected(it),
            context=precision(date=it.date, endDate=it.end),
        )

    def _rejected(self, it: EventSummary) -> Mapping[str, tuple[str, ...]] | None:
        """By property, the values of an event that only statements give which reviews reject."""
        if self.held is None:
            return None
        held = self.held.by_iri.get(it.iri)
        if held is None:
            return {"type": (class_of(it.kind),)}
        both = {
            "participant": (it.agents, held.agents),
            "discussedTopic": (it.discussed, held.discussed),
            "excludedTopic": (it.excluded, held.excluded),
            "date": (_some(it.date), _some(held.date)),
            "endDate": (_some(it.end), _some(held.end)),
        }
        found = {name: tuple(sorted({*whole} - {*those})) for name, (whole, those) in both.items()}
        return {name: values for name, values in found.items() if values} or None

    def document(self, iri: str) -> DocumentLink:
        """A document by its identifier."""
        summary = self.event_index.documents.get(iri)
        if summary is None:  # stored since the event index was read
            return DocumentLink(iri, iri.rpartition("/")[2], self.href(iri))
        return self.document_link(summary)

    def document_link(self, it: DocumentSummary) -> DocumentLink:
        """A document."""
        publisher = self.thing(it.publisher) if it.publisher else None
        return DocumentLink(
            it.iri, it.title, self.href(it.iri), it.issued or None, publisher, it.source or None
        )

    def statement(self, it: StatementSummary) -> Statement:
        """A statement with its passages."""
        return Statement(
            id=it.iri,
            type=it.kind,
            polarity="Negated" if it.is_negated else "Affirmed",
            account=tuple(account for account in ACCOUNTS if account in it.accounts),
            claimant=self.things(it.claimants),
            reportedIn=self.document(it.document),
            evidence=tuple(self._passage(it, *quote) for quote in _quotes(it)),
            subject=self._maybe(it.subject),
            predicate=_predicate(it),
            object=self._maybe(it.object if _is_iri(it.object) else ""),
            value=None if _is_iri(it.object) else it.object or None,
            content=it.content or None,
            about=self.things(it.about) or None,
            affirms=self.things(it.affirms) or None,
            addressee=self._maybe(it.addressee),
            relayedBy=self._maybe(it.relay),
            inCapacity=self._maybe(it.capacity),
            inEvent=self._maybe(it.event),
            cue=it.cue or None,
            conflictsWith=it.conflicts or None,
            reviewStatus=it.review or None,  # type: ignore[arg-type]  # a verdict of the ontology
        )

    def statements(self, told: Iterable[StatementSummary]) -> tuple[Statement, ...]:
        """Statements in order."""
        return tuple(self.statement(it) for it in told)

    def _maybe(self, iri: str) -> Thing | None:
        return self.thing(iri) if iri else None

    def _passage(self, it: StatementSummary, start: int, end: int, exact: str) -> Passage:
        document = it.document.removeprefix(f"{BASE}id/document/")
        return Passage(f"{BASE}id/evidence/{document}.{start}-{end}", start, end, exact)


def precision(**dates: str | None) -> Mapping[str, Mapping[str, str]] | None:
    """What a JSON-LD processor must know of dates that are no whole days; `None` if all are."""
    found = {
        name: {"@id": f"kg:{name}", "@type": _PRECISIONS[len(value)]}
        for name, value in dates.items()
        if value and len(value) in _PRECISIONS
    }
    return found or None


def _quotes(it: StatementSummary) -> Iterable[tuple[int, int, str]]:
    return ((quote.start, quote.end, quote.exact) for quote in it.quotes)


def _predicate(it: StatementSummary) -> str | None:
    if it.is_claim:
        return None
    return "rdf:type" if it.relation in ("", "type") else it.relation


def _some(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _is_iri(value: str) -> bool:
    return value.startswith(("http://", "https://"))
