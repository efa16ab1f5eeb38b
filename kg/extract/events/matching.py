"""Whether what a sentence tells may be an event told before: kinds, dates, places and parties compared."""

from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.events.record import EventRecord
from kg.extract.time.dates import DateMention
from kg.model import Entity

PERSONS = frozenset({"Person", "Leader", "Official"})
LOOSE = frozenset({"discussion", "conversation", "exchange", "talk", "dialogue"})


def lies_in(country: str | None, place: Entity) -> bool:
    """Whether a place is a country as such (“the *United States*”), and that of another place."""
    if country is None or place.iri is None:
        return False
    return country.rsplit("/", 1)[-1] == place.iri.rsplit("/", 1)[-1]


def is_what_is_told(draft: EventMention) -> bool:
    """Whether an event is the main matter of its sentence, and took place."""
    span = draft.sentence.span
    if span.start and span.doc[span.start - 1].is_alpha | span.doc[span.start - 1].is_digit:
        return False  # the parser cut a sentence in two
    is_main = span.root in (draft.trigger, draft.governor)
    return draft.status == "Occurred" and not draft.is_background and is_main


def may_name(draft: EventMention, record: EventRecord) -> bool:
    """Whether the words of `draft` fit what is known of `record`."""
    lemma = draft.trigger.lemma_.lower()
    if is_apart(record, draft) or _is_of_another_guest(record, draft):
        return False
    medium = record.medium.value if record.medium else None
    if medium is not None and draft.rule.medium not in (None, medium):
        return False  # “the *virtual* meeting” is not their telephone call
    if draft.rule.attends:
        status = record.status.value if record.status else None
        return record.kind in EXCHANGES - {"Visit"} and status == draft.status
    kinds = record.kind == draft.kind or (
        record.kind in EXCHANGES - {"Visit"} and lemma in LOOSE and draft.kind in EXCHANGES
    )
    return kinds and dates_agree(record, draft)


def _is_of_another_guest(record: EventRecord, draft: EventMention) -> bool:
    """“*my* visit to Y”, after that of somebody else to the speaker."""
    persons = [{e for e in parties if e.kind in PERSONS} for parties in (record.parties, draft.parties)]
    return draft.kind == "Visit" and all(persons) and not persons[1] <= persons[0]


def is_same(record: EventRecord, draft: EventMention) -> bool:
    """Whether a sentence tells again of the event of a record."""
    if not kinds_agree(record, draft) or not dates_agree(record, draft) or is_apart(record, draft):
        return False
    if draft.is_new and not same_date(record, draft) and not is_next_again(record, draft):
        return False
    if record.status and record.status.value != draft.status and not same_date(record, draft):
        return False
    if "inviter" in draft.rule.roles:
        return [(r, p.entity) for r, p, _ in record.roles] == [(r, p.entity) for r, p in draft.roles]
    if "imposedBy" in draft.rule.roles:
        return is_same_action(record, draft)
    if draft.kind == "Agreement" and draft.place is not None and record.place is None:
        return False
    mine, its = record.parties, set(draft.parties)
    if len(its) < draft.rule.minimum and draft.date is not None and not same_date(record, draft):
        return False  # somebody's other call, of a day of its own
    return mine <= its or its <= mine


def is_next_again(record: EventRecord, draft: EventMention) -> bool:
    """“a *new* round” and “the *next* round”, both to come: the same one."""
    is_ahead = draft.status == "Planned" and record.is_ahead
    return is_ahead and record.kind == draft.kind and any(known.is_new for known in record.drafts)


def is_other_agreement(record: EventRecord, draft: EventMention, occasion: EventRecord | None) -> bool:
    """Whether an agreement was settled elsewhere, or is reached now where others were but spoken of."""
    if draft.kind != "Agreement" or same_date(record, draft):
        return False
    if occasion is not None and record.occasion is not None:
        return occasion is not record.occasion
    place = draft.place or (occasion.place.value if occasion and occasion.place else None)
    if place is not None and record.place is not None:
        return place != record.place.value
    if draft.place is not None and record.place is None and draft.date is None:
        return True
    is_reached = draft.governor is not None and not draft.is_definite and draft.status == "Occurred"
    return is_reached and all(known.is_definite for known in record.drafts)


def is_apart(record: EventRecord, draft: EventMention) -> bool:
    """“*the dinner* last night”: an occasion of its own, however the talks of that day are told."""
    known = [d for d in (*record.drafts, *([record.headline] if record.headline else [])) if d.rule.nouns]
    return bool(known) and any(d.rule.apart for d in known) != draft.rule.apart and bool(draft.rule.nouns)


def is_same_action(record: EventRecord, draft: EventMention) -> bool:
    """Whether both are imposed by the same, and on the same as far as both say."""
    told = {(role, party.entity) for role, party, _ in record.roles}
    new = {(role, party.entity) for role, party in draft.roles}
    doers, new_doers = ({e for role, e in pairs if role == "imposedBy"} for pairs in (told, new))
    hit, new_hit = ({e for role, e in pairs if role == "target"} for pairs in (told, new))
    effects = {record.effect, draft.effect} - {None}
    if len(effects) > 1 or (doers and new_doers and doers != new_doers):
        return False
    if hit and new_hit and hit != new_hit:
        return False
    if record.objects and draft.objects and not record.objects & draft.objects:
        return False
    is_named_again = draft.governor is None or all(d.governor is None for d in record.drafts)
    if not is_named_again and record.details and draft.details and record.details != draft.details:
        return False
    return draft.governor is None or same_date(record, draft) or is_retold(record, draft)


def is_retold(record: EventRecord, draft: EventMention) -> bool:
    """Whether a measure is told again by the same verb, and not another of its kind by the next."""
    verbs = {d.governor.lemma_ for d in record.drafts if d.governor is not None}
    return not verbs or (draft.governor is not None and draft.governor.lemma_ in verbs)


def kinds_agree(record: EventRecord, draft: EventMention) -> bool:
    """“Spoke with” in the text of a readout is the meeting of its title."""
    if record.kind == draft.kind:
        return True
    if draft.trigger.lemma_.lower() in LOOSE and {record.kind, draft.kind} <= EXCHANGES - {"Visit"}:
        is_bare = draft.date is None and draft.place is None and draft.rule.medium is None
        return is_bare and set(draft.parties) == record.parties
    is_loose = bool(draft.rule.verbs) and draft.rule.medium is None and draft.kind != "Visit"
    return record.headline is not None and is_loose and {record.kind, draft.kind} <= EXCHANGES


def same_date(record: EventRecord, draft: EventMention) -> bool:
    """Whether both have a date, and the same."""
    if record.date is None or draft.date is None:
        return False
    return date_of(record) == draft.date.date


def dates_agree(record: EventRecord, draft: EventMention) -> bool:
    """Whether the dates do not speak against each other."""
    if record.date is None or draft.date is None:
        return True
    one, other = date_of(record) or "", draft.date.date or ""
    return one.startswith(other) or other.startswith(one)


def date_of(record: EventRecord) -> str | None:
    """The date of a record, if it has one."""
    value = record.date.value if record.date else None
    return value.date if isinstance(value, DateMention) else None
