"""Compares what was found in a document with its annotations, slot by slot."""

import re

from kg.evaluate.gold import Gold, GoldClaim, GoldEvent
from kg.evaluate.match import claim_pairs, event_pairs, has_begin, has_claimant, places
from kg.evaluate.predictions import (
    DISCUSSED,
    EXCLUDED,
    PARTICIPANTS,
    PredictedClaim,
    PredictedEvent,
    Predictions,
    Span,
)
from kg.evaluate.scores import DocumentScores, Scores
from kg.model import Document

# The slots in the order in which they are shown.
SLOTS = (
    "events", "event type", "participants", "date", "status", "duration", "discussed topics",
    "excluded topics", "claims (found)", "claims (found, right claimant and type)", "claimant", "claim type",
    "claim polarity", "claim topics", "evidence verbatim",
)  # fmt: skip
(EVENTS, EVENT_TYPE, PARTIES, DATE, STATUS, DURATION, RAISED, NOT_RAISED, CLAIMS, GOOD_CLAIMS, CLAIMANT,
 CLAIM_TYPE, POLARITY, CLAIM_TOPICS, EVIDENCE) = SLOTS  # fmt: skip
# What a rule is judged by first: whether what it found is there, and as it says.
RULE_SLOTS = (EVENTS, RAISED, NOT_RAISED, GOOD_CLAIMS)
_LENGTH = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?")


def compare(gold: Gold, predictions: Predictions, document: Document, scores: Scores) -> None:
    """Add one document to `scores`."""
    comparison = _Comparison(gold, predictions, document, DocumentScores(scores, document))
    comparison.events()
    comparison.claims()
    comparison.evidence()


class _Comparison:
    def __init__(
        self, gold: Gold, predictions: Predictions, document: Document, document_scores: DocumentScores
    ) -> None:
        self.gold, self.predictions, self.document, self.document_scores = (
            gold,
            predictions,
            document,
            document_scores,
        )

    # ── Events ──

    def events(self) -> None:
        pairs = event_pairs(self.gold, self.predictions, self.document)
        for wanted, found in pairs:
            event, its = self.gold.events[wanted], self.predictions.events[found]
            self.document_scores.right(EVENTS, its.rules)
            self._event(event, its, places(event.quotes, self.document))
        for index, event in enumerate(self.gold.events):
            if index not in {wanted for wanted, _ in pairs}:
                self._missed(event)
        for index, its in enumerate(self.predictions.events):
            if index not in {found for _, found in pairs}:
                self.document_scores.mistake(EVENTS, None, _name(its), its.spans, its.rules)
                self.document_scores.several(NOT_RAISED, (), its.of(*EXCLUDED), its.spans)

    def _missed(self, event: GoldEvent) -> None:
        spans = places(event.quotes, self.document)
        name = " ".join([event.type, *event.participants, event.date or "undated"])
        self.document_scores.mistake(EVENTS, name, None, spans)
        self.document_scores.several(RAISED, event.discussed, (), spans)
        self.document_scores.several(NOT_RAISED, event.excluded, (), spans)

    def _event(self, event: GoldEvent, found: PredictedEvent, spans: list[Span]) -> None:
        page, kinds = self.document_scores, ", ".join(found.texts("type"))
        is_kind = self.predictions.is_of(found, event.type)
        page.choice(EVENT_TYPE, event.type, kinds, spans, is_right=is_kind, rules=found.rules)
        page.several(PARTIES, event.participants, found.of(*PARTICIPANTS), spans)
        self._date(event, found, spans)
        statuses = found.texts("status")
        page.choice(STATUS, event.status or "none", ", ".join(statuses), spans,
                    is_right=event.status in statuses, rules=found.rules)  # fmt: skip
        self._duration(event, found, spans)
        page.several(RAISED, event.discussed, found.of(*DISCUSSED), spans)
        page.several(NOT_RAISED, event.excluded, found.of(*EXCLUDED), spans)
        self._flips(event, found)

    def _date(self, event: GoldEvent, found: PredictedEvent, spans: list[Span]) -> None:
        its = "/".join([*found.texts("date"), *found.texts("endDate")]) or None
        end = event.date.split("/")[1:] if event.date else []
        if event.date and has_begin(event, found) and set(end) <= set(found.texts("endDate")):
            self.document_scores.right(DATE, found.rules)
        elif event.date or found.texts("date"):
            self.document_scores.mistake(
                DATE, event.date, its if found.texts("date") else None, spans, found.rules
            )

    def _duration(self, event: GoldEvent, found: PredictedEvent, spans: list[Span]) -> None:
        if not event.duration_minutes:
            return
        lengths = found.texts("duration")
        if event.duration_minutes in [_minutes(length) for length in lengths]:
            self.document_scores.right(DURATION, found.rules)
        else:
            expected = f"{event.duration_minutes:g} minutes"
            self.document_scores.mistake(DURATION, expected, ", ".join(lengths) or None, spans, found.rules)

    def _flips(self, event: GoldEvent, found: PredictedEvent) -> None:
        """Count the topics that stand in the one list and were found for the other."""
        for stands, other, values in (
            (event.excluded, event.discussed, found.of(*DISCUSSED)),
            (event.discussed, event.excluded, found.of(*EXCLUDED)),
        ):
            wrong = {name for value in values for name in value.names} - set(other)
            self.document_scores.scores.flips += sum(name in wrong for name in stands)

    # ── Claims ──

    def claims(self) -> None:
        pairs = claim_pairs(self.gold, self.predictions, self.document)
        for wanted, found in pairs:
            claim, its = self.gold.claims[wanted], self.predictions.claims[found]
            self.document_scores.right(CLAIMS, its.rules)
            self._claim(claim, its)
        for index, claim in enumerate(self.gold.claims):
            if index not in {wanted for wanted, _ in pairs}:
                name = f"{claim.type} of {_claimant(claim)}"
                self.document_scores.mistake(CLAIMS, name, None, places([claim.quote], self.document))
                self.document_scores.scores.count(GOOD_CLAIMS, missing=1)
        for index, its in enumerate(self.predictions.claims):
            if index not in {found for _, found in pairs}:
                name = f"{its.kind} of {_speakers(its)}"
                self.document_scores.mistake(CLAIMS, None, name, its.spans, its.rules)
                self.document_scores.scores.count(GOOD_CLAIMS, wrong=1, rules=its.rules)

    def _claim(self, claim: GoldClaim, found: PredictedClaim) -> None:
        page, spans, rules = self.document_scores, list(found.spans), found.rules
        is_who, is_kind = has_claimant(claim, found), claim.type == found.kind
        page.choice(CLAIMANT, _claimant(claim), _speakers(found), spans, is_right=is_who, rules=rules)
        page.choice(CLAIM_TYPE, claim.type, found.kind, spans, is_right=is_kind, rules=rules)
        is_same = claim.polarity == found.polarity
        page.choice(POLARITY, claim.polarity, found.polarity, spans, is_right=is_same, rules=rules)
        page.several(CLAIM_TOPICS, dict.fromkeys((*claim.about, *claim.affirms)), found.topics, spans)
        is_good = is_who and is_kind
        page.scores.count(GOOD_CLAIMS, right=is_good, wrong=not is_good, missing=not is_good, rules=rules)

    # ── Evidence ──

    def evidence(self) -> None:
        """Count the passages whose words stand in the body."""
        for span, words in sorted(self.predictions.passages.items()):
            self.document_scores.choice(EVIDENCE, None, words, [span], is_right=words in self.document.body)


def _minutes(duration: str) -> int | None:
    found = _LENGTH.fullmatch(duration)
    return 60 * int(found[1] or 0) + int(found[2] or 0) if found else None


def _name(event: PredictedEvent) -> str:
    parties = [value.label for value in event.of(*PARTICIPANTS)]
    return " ".join([*event.texts("type"), *parties, *event.texts("date")])


def _claimant(claim: GoldClaim) -> str:
    return ", ".join(claim.claimant) or "the document"


def _speakers(claim: PredictedClaim) -> str:
    return ", ".join(value.label for value in claim.claimants) or "the document"
