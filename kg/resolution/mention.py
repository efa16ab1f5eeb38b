"""What one document tells of an event: the fields by which it is compared with what others tell."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from rdflib import DCTERMS, RDF, Graph, URIRef
from rdflib.term import Node

from kg.identity import OBJECT, document_iri
from kg.lexicon import Lexicon
from kg.terms import BASE, KG, OA

__all__ = ["EXCHANGES", "LONGEST", "Mention", "Party", "mentions_in", "read_mention", "record"]

EXCHANGES = frozenset({"call", "meeting", "trade-talk", "exchange"})
_MEASURES = frozenset({"tariff-action", "export-control", "sanction", "policy-action"})
_ID = f"{BASE}id/"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BASES = ("Stated", "Title", "DayOfPublication", "")  # the surest first
_CAME_TO = ("Occurred", "Cancelled", "Planned", "Proposed", "")
LONGEST = timedelta(days=31)  # a range that is longer is no one exchange
_HOME = frozenset({"united-states", "china"})
_SIDES = {f"{_ID}country/united-states": "us", f"{_ID}country/china": "cn"}


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part for one country.

    Attributes:
        principals: Slugs of the persons who name the event; without any, the country alone is named.
        others: Slugs of further persons who were there.
        leaders: Those of them who lead the country.
    """

    principals: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An event as one document tells of it.

    Attributes:
        document: Identifier of the document.
        name: IRI that the document alone gives the event.
        own: IRI that no other document gives.
        kind: Folder of its class, such as `trade-talk`.
        start: Its day, month or year; empty if the document gives none.
        end: Last day, if it lasts longer.
        basis: Where the day comes from.
        parties: Who takes part, by slug of the country.
        places: Slugs of places that are no countries.
        regions: Third countries in which it was held, if no place is given.
        within: Third countries in which its places lie.
        around: Slugs of the larger places by whose names its places are called too.
        is_by_title: Whether the place is that which the title of the document names.
        status: What it came to.
        media: By what means it was held.
        account: `us` or `cn` if the publisher speaks for one of the two.
        issued: Day of publication.
        source: Class of the document.
        imposers: Of a measure, slugs of the countries that take it.
        targets: Of a measure, slugs of those whom it hits.
        effect: Of a measure, whether it restricts, eases or extends.
        objects: Of a measure, slugs of the goods or matters that it is on.
    """

    document: str
    name: str
    own: str
    kind: str
    start: str = ""
    end: str = ""
    basis: str = ""
    parties: Mapping[str, Party] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    is_by_title: bool = False
    status: str = ""
    media: tuple[str, ...] = ()
    account: str = ""
    issued: str = ""
    source: str = ""
    imposers: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    effect: str = ""
    objects: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """What can be one with it: exchanges with exchanges, visits with visits, else with its like."""
        return "exchange" if self.kind in EXCHANGES else self.kind

    @property
    def is_outcome(self) -> bool:
        """Whether it is an agreement, told of without an exchange, and the title names a place of talks."""
        return self.kind == "agreement" and self.is_by_title

    @property
    def is_measure(self) -> bool:
        """Whether it is a measure with a day, of which several documents can tell."""
        return self.kind in _MEASURES and self.is_dated and bool(self.imposers)

    @property
    def is_dated(self) -> bool:
        """Whether it has a day."""
        return bool(_DAY.fullmatch(self.start))

    @property
    def is_shared(self) -> bool:
        """Whether another document that tells the same gives the event the same IRI."""
        return self.name != self.own

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day; only of one that has a day."""
        return _days(self.start, self.end)

    @property
    def areas(self) -> frozenset[str]:
        """Places, and what larger place or third country is named for where it was, or holds its places."""
        return frozenset((*self.places, *self.regions, *self.within, *self.around))


@lru_cache(maxsize=10_000)
def _days(start: str, end: str) -> tuple[date, date]:
    first = date.fromisoformat(start)
    last = date.fromisoformat(end) if _DAY.fullmatch(end) else first
    return first, last if first <= last <= first + LONGEST else first


def record(mention: Mention) -> str:
    """A mention as text, the same for the same fields; `read_mention` reads it."""
    fields = {
        name: value for name, value in asdict(mention).items() if value and name not in ("document", "name")
    }
    fields["own"] = mention.own.removeprefix(_ID)
    if mention.parties:
        fields["parties"] = {
            country: {name: value for name, value in asdict(party).items() if value}
            for country, party in sorted(mention.parties.items())
        }
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_mention(document: str, name: str, text: str) -> Mention:
    """The mention of which `record` made a text."""
    fields = json.loads(text)
    parties = {
        country: Party(*(tuple(party.get(part, ())) for part in ("principals", "others", "leaders")))
        for country, party in fields.pop("parties", {}).items()
    }
    own = _ID + fields.pop("own")
    fields = {part: tuple(value) if isinstance(value, list) else value for part, value in fields.items()}
    return Mention(document, name, own, parties=parties, **fields)


def mentions_in(stated: Graph, document_id: str, lexicon: Lexicon) -> tuple[Mention, ...]:
    """The events that a document tells of, by its facts, each as it tells of it."""
    told: dict[str, list[tuple[str, Node, Node]]] = {}
    for fact, event in stated.subject_objects(RDF.subject):
        name = str(event)
        if not name.startswith(_ID) or (fact, KG.polarity, KG.Affirmed) not in stated:
            continue
        for said, value in _parts(stated, fact):
            told.setdefault(name, []).append((said, value, fact))
    source = _source(stated, document_id, lexicon)
    found = (_mention(name, its, stated, source, lexicon) for name, its in sorted(told.items()))
    title = stated.value(URIRef(document_iri(document_id)), DCTERMS.title)
    return placed_by_title([it for it in found if it is not None], str(title or ""), lexicon)


def placed_by_title(mentions: Sequence[Mention], title: str, lexicon: Lexicon) -> tuple[Mention, ...]:
    """Mentions of a document, its one exchange without day and place at the place that the title names.

    “Joint Statement on U.S.-China Economic and Trade Meeting in Geneva”: where a document tells of one
    exchange alone that it neither dates nor places, that is where it was. Of one that tells of no exchange,
    but of what was agreed (“the London framework”), it is where that was. The graph is not told so.
    """
    wanting = [it for it in mentions if _lacks_place(it)]
    if not any(it.family == "exchange" for it in mentions):
        wanting = [
            it for it in mentions if it.kind == "agreement" and it.status == "Occurred" and not it.places
        ]
    if len(wanting) != 1:
        return tuple(mentions)
    where = {_last(it.iri) for match in lexicon.find(title) for it in match.entries
             if it.kind == "Place"} - _countries(lexicon)  # fmt: skip
    if len(where) != 1 or any(where & {*it.places} for it in mentions):
        return tuple(mentions)
    placed = replace(
        wanting[0],
        places=tuple(where),
        within=_lying_in(where, lexicon),
        around=_around(where, lexicon),
        regions=(),
        is_by_title=True,
    )
    return tuple(placed if it is wanting[0] else it for it in mentions)


def _lacks_place(mention: Mention) -> bool:
    return (
        mention.family == "exchange"
        and mention.kind != "call"
        and mention.status == "Occurred"
        and not mention.media
        and not mention.places
        and (not mention.start or mention.basis == "DayOfPublication")
    )


@lru_cache(maxsize=8)
def _countries(lexicon: Lexicon) -> frozenset[str]:
    """Slugs of all countries."""
    return frozenset(
        it.removeprefix(f"{_ID}country/") for it in lexicon.entries if it.startswith(f"{_ID}country/")
    )


def _lying_in(places: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """Third countries in which places lie; a place in one of the two countries tells nothing by that."""
    entries = (lexicon.entries.get(f"{_ID}place/{place}") for place in places)
    countries = {it.represents for it in entries if it is not None and it.represents}
    return tuple(sorted(_last(it) for it in countries - _SIDES.keys()))


def _around(places: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The larger places, step by step, by whose names places are called too."""
    found: set[str] = set()
    ahead = [*places]
    while ahead:
        entry = lexicon.entries.get(f"{_ID}place/{ahead.pop()}")
        if entry is not None and entry.area and (area := _last(entry.area)) not in found:
            found.add(area)
            ahead.append(area)
    return tuple(sorted(found))


def _parts(stated: Graph, fact: Node) -> Iterator[tuple[str, Node]]:
    said, value = stated.value(fact, RDF.predicate), stated.value(fact, RDF.object)
    if said is not None and value is not None:
        yield _local(said), value


def _source(stated: Graph, document_id: str, lexicon: Lexicon) -> Mention:
    """What a document gives to every mention of its own."""
    node = URIRef(document_iri(document_id))
    publisher = stated.value(node, DCTERMS.publisher)
    country = ""
    if publisher is not None:
        entry = lexicon.entries.get(str(publisher))
        own = stated.value(publisher, KG.represents)
        country = str(own) if own is not None else (entry.represents or "" if entry else "")
    kind = stated.value(node, RDF.type)
    return Mention(
        document_id, "", "", "",
        account=_SIDES.get(country, ""),
        issued=str(stated.value(node, DCTERMS.issued) or ""),
        source=_local(kind) if kind is not None else "",
    )  # fmt: skip


def _mention(
    name: str, told: list[tuple[str, Node, Node]], stated: Graph, source: Mention, lexicon: Lexicon
) -> Mention | None:
    values: dict[str, set[str]] = {}
    for said, value, _ in told:
        values.setdefault(said, set()).add(_local(value))
    if "status" not in values:
        return None
    dates = [(_basis(stated, fact), str(value)) for said, value, fact in told if said == "date"]
    basis, start = min(dates, key=lambda it: (-len(it[1]), _BASES.index(it[0]), it[1]), default=("", ""))
    slug = _last(name)
    shared = bool(_DAY.match(slug)) and not slug.rsplit(".", 1)[0].endswith(source.document)
    agents = {str(value) for said, value, _ in told if said in _TAKES_PART}
    countries = _countries(lexicon)
    places = values.get("place", set()) - countries
    regions = values.get("place", set()) & countries - _HOME if not places else set()
    return replace(
        source,
        name=name,
        own=_own(name, told, stated, source.document) if shared else name,
        kind=name.removeprefix(_ID).split("/")[0],
        start=start,
        end=max(values.get("endDate", ()), default=""),
        basis=basis,
        parties=_parties(agents, slug if shared else "", lexicon),
        places=tuple(sorted(places)),
        regions=tuple(sorted(regions)),
        within=_lying_in(places, lexicon),
        around=_around(places, lexicon),
        status=min(values["status"], key=lambda it: _CAME_TO.index(it) if it in _CAME_TO else len(_CAME_TO)),
        media=tuple(sorted(values.get("medium", ()))),
        imposers=_imposers(told, lexicon),
        targets=tuple(sorted(values.get("target", ()))),
        effect=min(values.get("effect", ()), default=""),
        objects=tuple(slug.split(OBJECT)[1:]) if shared else (),
    )


def _imposers(told: Iterable[tuple[str, Node, Node]], lexicon: Lexicon) -> tuple[str, ...]:
    """The countries that take a measure, by themselves or by who speaks for them."""
    agents = {str(value) for said, value, _ in told if said == "imposedBy"}
    entries = (lexicon.entries.get(it) for it in agents)
    return tuple(sorted({_last(it.represents or it.iri) for it in entries if it is not None}))


_TAKES_PART = frozenset({
    "participant", "initiator", "host", "inviter", "invitee", "imposedBy", "target", "visitor"
})  # fmt: skip


def _basis(stated: Graph, fact: Node) -> str:
    found = stated.value(fact, KG.dateBasis)
    return _local(found) if found is not None and _local(found) in _BASES else ""


def _own(name: str, told: list[tuple[str, Node, Node]], stated: Graph, document_id: str) -> str:
    """An IRI of the event that no other document gives: where it is told first."""
    starts = [
        int(str(start))
        for said, _, fact in told
        if said == "type"
        for passage in stated.objects(fact, KG.evidence)
        for start in stated.objects(passage, OA.start)
    ]
    kind = name.removeprefix(_ID).split("/")[0]
    return f"{_ID}{kind}/{document_id}.{min(starts, default=0)}"


def _parties(agents: Iterable[str], slug: str, lexicon: Lexicon) -> dict[str, Party]:
    """Who takes part for which country; a shared IRI's slug tells who is a principal."""
    found: dict[str, dict[str, set[str]]] = {}
    for agent in agents:
        entry = lexicon.entries.get(agent)
        if entry is None:
            continue
        name = _last(agent)
        country = name if entry.kind == "Country" else _last(entry.represents or "")
        if not country:
            continue
        party = found.setdefault(country, {"principals": set(), "others": set(), "leaders": set()})
        if agent.startswith(f"{_ID}person/"):
            is_principal = not slug or f"-{name}-" in f"-{slug}-"
            party["principals" if is_principal else "others"].add(name)
            if entry.kind == "Leader":
                party["leaders"].add(name)
    return {
        country: Party(*(tuple(sorted(party[part])) for part in ("principals", "others", "leaders")))
        for country, party in found.items()
    }


def _last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def _local(term: Node) -> str:
    return re.split(r"[#/]", str(term))[-1]
