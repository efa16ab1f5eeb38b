"""Reads who invites whom, each pair of persons as an invitation of its own."""

from dataclasses import replace

from kg.extract.events.clusters import EventClusters
from kg.extract.events.mention import EventMention
from kg.extract.events.record import EventRecord, SupportedValue
from kg.extract.events.triggers import had_before
from kg.extract.references.discourse import Discourse, Party
from kg.extract.references.resolver import Resolver


class InvitationReader:
    """Enters the invitations of one document."""

    def __init__(self, resolver: Resolver, clusters: EventClusters, discourse: Discourse) -> None:
        self.resolver, self.clusters, self.discourse = resolver, clusters, discourse

    def enter(self, mention: EventMention) -> EventRecord | None:
        """Enter who invites whom; where only one is named, the other party of the exchange is meant."""
        inviters = [p for role, p in mention.roles if role == "inviter"]
        invitees = [
            p
            for role, p in mention.roles
            if role == "invitee" and p.entity not in [i.entity for i in inviters]
        ]
        partners = list(self.discourse.principals)
        if not inviters and len(invitees) == 1:
            inviters = self._host(invitees[0])
        pairs = [
            (one, other) for one in inviters for other in (invitees or self._others(one, inviters, partners))
        ]
        record = None
        for inviter, invitee in pairs:
            part = replace(mention, roles=[("inviter", inviter), ("invitee", invitee)])
            record = self.clusters.enter(part)
            known = self.clusters.current.date if self.clusters.current else None
            sides = (
                {self.resolver.side_of(e) for e in self.clusters.current.parties}
                if self.clusters.current
                else ()
            )
            is_within = {self.resolver.side_of(p.entity) for p in (inviter, invitee)} == sides
            is_within &= self.clusters.has_one_subject or self._is_told_beside(mention)
            if record and record.date is None and known and is_within and not had_before(mention.trigger):
                record.date = SupportedValue(
                    known.value, [*known.spans, (mention.sentence.start, mention.sentence.end)]
                )
        return record

    def _is_told_beside(self, mention: EventMention) -> bool:
        """Whether the exchange that is told of stands in the same paragraph."""
        block = mention.sentence.block
        known = self.clusters.current.supports if self.clusters.current else []
        return any(block.start <= start < block.end for start, _ in known)

    def _host(self, guest: Party) -> list[Party]:
        """Who must have invited: the only other party of the exchange in which the guest accepted."""
        parties = [party for _, party, _ in self.clusters.current.roles] if self.clusters.current else []
        others = [party for party in parties if party.entity != guest.entity]
        return others if len(parties) == 2 and len(others) == 1 else []

    def _others(self, one: Party, inviters: list[Party], partners: list[Party]) -> list[Party]:
        others = [p for p in inviters if p.entity != one.entity]
        if not others and len(partners) == 2 and one.entity in [p.entity for p in partners]:
            others = [p for p in partners if p.entity != one.entity]
        earlier = [r for r in self.clusters.records if r.kind == "Invitation" and one.entity in r.parties]
        if not others and earlier:
            others = [p for _, p, _ in earlier[-1].roles if p.entity != one.entity]
        return others[:1]
