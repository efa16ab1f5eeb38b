"""Gives days to events that no sentence dates, once the whole document is read."""

from collections.abc import Iterable

from kg.extract.events.clusters import EventClusters
from kg.extract.events.matching import is_what_is_told
from kg.extract.events.record import EventRecord, SupportedValue
from kg.extract.time.dates import DateMention


def date_main(clusters: EventClusters, opening: int) -> None:
    """Give the exchange that the document is about the day of publication, if it opens without a day.

    Args:
        clusters: The events of the document.
        opening: Offset at which the opening of the document ends.
    """
    main = clusters.main
    if main is None or clusters.published is None or not main.happened or main.date is not None:
        return
    first = min(main.supports, default=None)
    if first is None or (main.headline is None and first[0] >= opening):
        return
    if main.headline is None and not is_what_is_told(main.drafts[0]):
        return
    main.date = SupportedValue(DateMention(first[0], first[1], "", date=clusters.published), [first])
    main.date_basis = "DayOfPublication"


def date_agreements(records: Iterable[EventRecord]) -> None:
    """Give each agreement the day and place of the exchange in which it was settled."""
    for record in records:
        exchange = record.occasion
        if exchange is None or not record.happened:
            continue
        spans = record.supports[:1]
        if record.date is None and exchange.date is not None:
            record.date = SupportedValue(exchange.date.value, [*exchange.date.spans, *spans])
            record.date_basis = exchange.date_basis
        if record.place is None and exchange.place is not None:
            record.place = SupportedValue(exchange.place.value, spans)


def date_undertakings(clusters: EventClusters) -> None:
    """Give what a joint statement settles the day of publication, or the one set for it."""
    if clusters.published is None:
        return
    pact = next((r for r in clusters.records if r.kind == "Agreement" and r.deadline is not None), None)
    if pact is None:
        return
    if pact.date is None and pact.happened:
        span = pact.supports[0]
        pact.date = SupportedValue(DateMention(*span, "", date=clusters.published), [span])
        pact.date_basis = "DayOfPublication"
    for record in clusters.records:
        if record.effect and record.date is None and record.is_ahead and pact.deadline is not None:
            record.date = pact.deadline
