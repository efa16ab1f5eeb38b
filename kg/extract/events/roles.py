"""Who takes part in an event: the arguments of its trigger and governor, by the paths that a rule names."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, is_clause, objects, obliques, subjects
from kg.extract.events.governors import TriggerSite, past_carriers
from kg.extract.events.issuers import IssuerFinder
from kg.extract.events.journeys import JourneyFinder
from kg.extract.events.mention import EXCHANGES
from kg.extract.events.triggers import addressing, is_directed, modifiers, owners, possessors, purpose_of
from kg.extract.references.discourse import Party
from kg.extract.references.mentions import Mention
from kg.extract.references.pairs import SIDES, TAIWAN
from kg.extract.references.resolver import Resolver
from kg.extract.rules import EventRule, Rules
from kg.extract.text.reading import Reading, Sentence, end_of, start_of
from kg.model import Entity

SHARED = EXCHANGES | {"Agreement"}
MEDIA = frozenset({"by", "on", "over", "through", "via"})  # “spoke *by* telephone”
Roles = list[tuple[str, Party]]


class RoleFinder:
    """Finds the parties of events in one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.addressing = rules.lists["addressing_verbs"]
        self.journeys = JourneyFinder(reading, resolver)
        self.issuers = IssuerFinder(reading, rules, resolver)

    def roles(self, rule: EventRule, site: TriggerSite) -> Roles:
        """Property and party, in order of the text unless their order is part of what the event is."""
        found: Roles = []
        for role, paths in rule.roles.items():
            for path in paths:
                if role == "imposedBy" and any(r == role for r, _ in found):
                    break  # whose measure it is matters only where nobody is said to take it
                for party in self._parties(role, path, site, rule):
                    if path == "possessor" and self._is_frame(party):
                        continue
                    if party.entity not in [p.entity for _, p in found] or role in ("inviter", "invitee"):
                        found.append((role, party))
        if rule.nouns and rule.event in EXCHANGES and len(found) < rule.minimum:
            scene = past_carriers(site.trigger, self.rules.lists["carrier_nouns"])
            found = [("participant", party) for party in self._attendants(scene)] or found
        if "imposedBy" in rule.roles:
            found += self.issuers.unsaid(site, found, has_target="target" in rule.roles)
        if "target" in rule.roles:
            doers = {p.entity for role, p in found if role == "imposedBy"}
            sides = {self.resolver.side_of(entity) for entity in doers}
            found = [(role, p) for role, p in found if role != "target" or self._is_hit(p, doers, sides)]
        return found if is_directed(rule) else sorted(found, key=lambda pair: pair[1].start)

    def _is_hit(self, party: Party, doers: set[Entity], sides: set[str | None]) -> bool:
        """Whether somebody is hit by a measure: nobody takes one against himself."""
        return party.entity not in doers and self.resolver.side_of(party.entity) not in sides

    def sides(self, roles: Iterable[tuple[str, Party]]) -> set[str | None]:
        """The countries that those who take part speak for."""
        return {self.resolver.side_of(party.entity) for _, party in roles}

    def implied(self, roles: Roles, token: Token) -> Roles:
        """The roles with the one of the two countries that is not there yet."""
        shown = self.sides(roles)
        missing = [p for p in self.resolver.sides(token) if p.entity.iri not in shown]
        return roles + [("participant", party) for party in missing]

    def are_unnamed(self, roles: Roles) -> bool:
        """“talks between *officials*”: whether nobody is named of whom a side could be told."""
        return bool(roles) and all(
            p.entity.kind == "Group" and self.resolver.side_of(p.entity) is None for _, p in roles
        )

    def received(self, roles: Roles, site: TriggerSite, sentence: Sentence) -> Roles:
        """The roles of a visit with the country that it leads to, where the sentence names no other."""
        shown = frozenset(self.sides(roles) & SIDES)
        is_scene = site.trigger.dep_ == "pobj" and site.trigger.head.lower_ in ("during", "in")
        persons = [(role, p) for role, p in roles if self.reading.lexicon.is_a(p.entity.kind, "Person")]
        if is_scene and self.sides(persons) >= SIDES:
            return []  # “*during this visit*, A and I agreed”: who pays it is not said
        host = self.journeys.host(shown, site, sentence) if self.is_between_sides(sentence) else None
        return [*roles, ("participant", host)] if host is not None else roles

    def is_with_somebody(self, site: TriggerSite) -> bool:
        """Whether the words name who talks, even if they cannot be resolved."""
        words = [t for path in ("subject", "possessor", "with", "object") for t in self._at(path, site)]
        places = self.reading.mentions.places_in
        return any(t.pos_ != "ADJ" and not places(start_of(t), end_of(t)) for t in words)

    def answered(self, roles: Roles, site: TriggerSite, sentence: Sentence) -> Roles:
        """The roles of a measure with the other country, where it answers one of that country's.

        So does retaliation, and in a text that both sides issue any measure of the one is for the other.
        """
        words = modifiers(site.trigger) | {site.trigger.lemma_.lower()}
        verb = site.governor
        if verb is not None:  # “imposed curbs *in response to* tariffs”
            words |= {t.lemma_.lower() for t in obliques(verb).get("in", []) + obliques(verb).get("as", [])}
            words.add(verb.lemma_.lower())
        is_joint = self.reading.document.kind == "JointStatement"
        if not (is_joint or words & self.rules.lists["answering_words"]) or not self.is_between_sides(
            sentence
        ):
            return roles
        given = {role: self.resolver.side_of(party.entity) for role, party in roles}
        for role, other in (("imposedBy", "target"), ("target", "imposedBy")):
            side = given.get(other)
            if role not in given and side in SIDES and len(self.sides(roles) & SIDES) == 1:
                missing = next(p for p in self.resolver.sides(site.trigger) if p.entity.iri != side)
                return [*roles, (role, missing)]
        return roles

    def is_between_sides(self, sentence: Sentence) -> bool:
        """Whether the document names both countries and the sentence no third one."""
        named = {self.resolver.side_of(mention.entity) for mention in self.reading.mentions.agents}
        return named >= SIDES and not self.names_others(sentence)

    def has_person(self, roles: Roles) -> bool:
        """Whether a person, or the two leaders by these words, takes part: countries do not telephone."""
        kinds = {party.entity.kind for _, party in roles}
        if len({party.start for _, party in roles}) == 1 and kinds == {"Country"}:
            return True
        return any(self.reading.lexicon.is_a(p.entity.kind, "Person") for _, p in roles)

    def is_with_others(self, verb: Token, roles: Roles) -> bool:
        """“*They* will talk to Nvidia”: both sides on one side of the table, somebody else on the other."""
        partners = [t for name in ("with", "to") for t in obliques(verb).get(name, [])]
        partners = [t for t in partners if not _is_apart(t)]
        days = [(d.start, d.end) for d in self.reading.dates]  # “visited *from Monday to Friday*”
        partners = [t for t in partners if not any(a <= start_of(t) < b for a, b in days)]
        others = {p.entity for p in self.resolver.all_parties(partners, unknown=True)}
        sides = {self.resolver.side_of(p.entity) for _, p in roles if p.entity not in others}
        return sides >= SIDES and bool(others)

    def unresolved(self, site: TriggerSite) -> list[tuple[int, int]]:
        """Where those are named of whom it could not be told who they are, so that an event was lost."""
        words = [t for path in ("subject", "object", "with") for t in self._at(path, site)]
        roles, pronouns = self.rules.lists["official_roles"], self.rules.lists["person_pronouns"]
        return [
            (start_of(t.left_edge) if t.pos_ == "NOUN" else start_of(t), end_of(t))
            for t in words
            if (t.pos_ == "PROPN" or t.lower_ in pronouns or t.lemma_.lower() in roles)
            and not self.resolver.parties(t)
            and not self.reading.mentions.places_in(start_of(t.left_edge), end_of(t))
        ]

    def is_private(self, site: TriggerSite) -> bool:
        """“*American importers* left China”: whether nobody travels who could speak for a country."""
        words = {t.lemma_.lower() for t in self._doers(site)}
        return bool(words) and words <= self.rules.lists["private_travellers"]

    def names_partner(self, sentence: Sentence) -> bool:
        """Whether a sentence speaks of two of the United States, China and Taiwan."""
        named = self.reading.mentions.agents_in(sentence.start, sentence.end)
        return len({self.resolver.side_of(m.entity) for m in named} & {*SIDES, TAIWAN}) > 1

    def names_others(self, sentence: Sentence, but: Collection[str] = ()) -> bool:
        """Whether a sentence speaks of a third country, those of `but` left out."""
        for mention in self.reading.mentions.agents_in(sentence.start, sentence.end):
            token = self.reading.token_at(sentence, mention.end - 1)
            side = self.resolver.side_of(mention.entity)
            if side not in (*SIDES, *but, None) and not self._is_scene(mention, token):
                return True
        return False

    def _is_scene(self, mention: Mention, token: Token | None) -> bool:
        """“in *Spain*”, “in Madrid, *Spain*”: where something happens, and nobody who takes part."""
        if token is None:
            return False
        above = token.head
        while above.dep_ in ("appos", "conj", "compound") or above.pos_ == "PROPN":
            if above.head == above:
                break
            above = above.head
        is_in_place = bool(self.reading.mentions.places_in(mention.start, mention.end))
        return is_in_place and above.lower_ in ("in", "at", "from")

    def _is_frame(self, party: Party) -> bool:
        """“the *APEC* summit”, “the *South Korea* meeting”: what an exchange is named by, and no party."""
        side = self.resolver.side_of(party.entity)
        is_place = bool(self.reading.mentions.places_in(party.start, party.end))
        return side is None or (is_place and side not in SIDES)

    def _parties(self, role: str, path: str, site: TriggerSite, rule: EventRule) -> list[Party]:
        is_judged = bool(rule.effects) and site.governor is None and path == "subject"
        words = [] if is_judged else self._at(path, site)  # “sanctions that *Beijing* criticised”
        if role == "imposedBy":
            words, found = self.issuers.behind_orders(words, site)
            if found:
                return found
        if role == "target":
            words = self.issuers.past_quantities(words)
        found = self._talking(words) if rule.event in SHARED else []
        found = found or (self._addressed(site) if path == "addressee" and not words else [])
        found = found or self.resolver.all_parties(words, unknown=path in ("subject", "with"))
        found = self._headed(words, found) if rule.event in EXCHANGES else found
        if role == "imposedBy" and path == "subject":
            found = [self.issuers.in_whose_name(party, site) for party in found]
        if not found and (role == "target" or (path == "with" and rule.event in EXCHANGES)):
            # goods and firms stand for the country that is hit, “his U.S. counterparts” for theirs
            found = [party for word in words for party in self.resolver.owners(word)]
        if role == "target":
            found = self.issuers.of_missions(words) or found
            found = found + [
                p for p in self.issuers.included(words) if p.entity not in [f.entity for f in found]
            ]
        if role == "imposedBy" and not any(self.resolver.side_of(p.entity) for p in found):
            found = self.issuers.of_forces(words) or found
        if rule.event == "Visit" and path in ("to", "object", "in", "for", "at"):
            is_guest = path == "object" and "to" in rule.roles["participant"]  # “welcomed *him* to China”
            return found if is_guest else self.journeys.hosts(found) or self.journeys.seats(words)
        return found

    def _headed(self, words: list[Token], found: list[Party]) -> list[Party]:
        """“the U.S. team *headed by* Janet Yellen”: the person for the country that she speaks for."""
        below = [
            c for w in words for c in w.children if c.lemma_.lower() in self.rules.lists["heading_verbs"]
        ]
        heads = self.resolver.all_parties(
            t for c in below for t in (*subjects(c), *obliques(c).get("by", []))
        )
        sides = {self.resolver.side_of(p.entity) for p in heads}
        return [p for p in found if p.entity.kind != "Country" or p.entity.iri not in sides] + heads

    def _talking(self, words: list[Token]) -> list[Party]:
        """“*We* met”, said by one principal to the other: the persons, not their countries."""
        principals = self.resolver.discourse.principals
        if not words:
            return []
        if len(principals) < 2:
            return self._agreeing(words[0])
        voice = self.resolver.discourse.speaking(start_of(words[0]))
        if voice is None or voice.entity not in [p.entity for p in principals]:
            return []
        found: list[Party] = []
        for word in words:
            if word.lower_ in self.rules.lists["we_words"]:
                found += [replace(p, start=start_of(word), end=end_of(word)) for p in principals]
            elif word.lower_ in self.rules.lists["you_words"]:
                found += [
                    replace(p, start=start_of(word), end=end_of(word))
                    for p in principals
                    if self.resolver.side_of(p.entity) != self.resolver.side_of(voice.entity)
                ]
            elif found and word.lower_ in self.rules.lists["i_words"]:
                found.append(replace(voice, start=start_of(word), end=end_of(word)))  # “*you and I* met”
        return found

    def _agreeing(self, word: Token) -> list[Party]:
        """“I agreed with *X* that *we* would meet”: who says so, and whoever it was agreed with."""
        voice, clause = self.resolver.discourse.speaking(start_of(word)), clause_above(word)
        above = clause.head if clause is not None and clause.dep_ == "ccomp" else None
        if voice is None or above is None or word.lower_ not in self.rules.lists["we_words"]:
            return []
        partners = [*obliques(above).get("with", []), *objects(above)]
        others = [p for p in self.resolver.all_parties(partners) if p.entity.kind != "Country"]
        return (
            [replace(p, start=start_of(word), end=end_of(word)) for p in (voice, *others)] if others else []
        )

    def _addressed(self, site: TriggerSite) -> list[Party]:
        """“*Welcome* to China”, said by one principal: the other."""
        voice = self.resolver.discourse.speaking(start_of(site.trigger))
        if voice is None or objects(site.trigger) or self._doers(site):
            return []
        mine = self.resolver.side_of(voice.entity)
        others = [p for p in self.resolver.discourse.principals if self.resolver.side_of(p.entity) != mine]
        return others if mine in SIDES else []

    def _attendants(self, token: Token) -> list[Party]:
        """“What *A and B* agreed at the summit”, “*A* told *B* in a call”: those of the clause around it."""
        is_scene = token.dep_ == "pobj" and token.head.lower_ in ("at", "during", "in", "following", "after")
        journey = purpose_of(token, self.rules.lists["motion_verbs"])
        if not is_scene and journey is None:
            return []
        clause = journey or addressing(token, self.addressing) or clause_above(token)
        if clause is None:
            return []
        parties = self.resolver.all_parties(subjects(clause))
        if len(parties) == 1 and clause == addressing(token, self.addressing):
            parties = self.resolver.all_parties([*subjects(clause), *objects(clause)])
        if len(parties) == 1:  # “in a call *with Xi*, *Biden* did not discuss Tibet”
            words = obliques(token).get("with", [])
            partners = self._headed(words, self.resolver.all_parties(words))
            parties += [p for p in partners if p.entity != parties[0].entity]
        return parties if len(parties) > 1 else []

    def _at(self, path: str, site: TriggerSite) -> list[Token]:
        """The words at one end of an argument path of a trigger."""
        token, verb = site.trigger, site.governor
        nouns = [token] if site.nominal is None else [token, site.nominal]
        if path == "subject":
            return self._doers(site)
        if path == "addressee":
            return [t for t in token.children if t.dep_ in ("npadvmod", "dobj") and t.pos_ == "PROPN"]
        if path == "object":
            return [t for t in objects(verb) if t not in nouns] if verb is not None else []
        if path == "possessor":
            return [t for noun in reversed(nouns) for t in possessors(noun)]
        if path == "clause":
            clause = clause_above(token)
            return [] if clause is None else subjects(clause)
        if path == "owner":
            return [t for noun in reversed(nouns) for t in owners(noun)]
        if verb is token and objects(verb):  # “banned exports of germanium *to* the United States”
            below = [p for t in objects(verb) for p in t.subtree if p.dep_ == "prep" and p.lower_ == path]
            nouns += [p.head for p in below if p.head not in nouns]
        is_inner = path in ("between", "with", "by")
        inner = [t for noun in nouns for t in obliques(noun).get("of", []) if is_inner or _is_rate(t)]
        found = [t for noun in [*nouns, *inner] for t in obliques(noun).get(path, [])]
        if verb is not None and verb not in nouns:
            found += obliques(verb).get(path, [])
        if path == "with" and not found and verb is not None:  # “spoke *by telephone* with X”
            hung = obliques(verb)
            scenes = [t for name in sorted(MEDIA & hung.keys()) for t in hung[name] if t != token]
            found = [t for scene in scenes for t in obliques(scene).get("with", [])]
        words = self.rules.lists["reference_nouns"] if path == "with" else ()
        found = [t for t in found if path != "with" or not _is_apart(t) or self._is_partner(t)]
        return [
            t for t in found if t not in nouns and t.lemma_.lower() not in words
        ]  # “*with no mention* of X”

    def _is_partner(self, token: Token) -> bool:
        """“held talks in Stockholm, Sweden, with *X*”: somebody named, and not said to do anything else."""
        if any(is_clause(c) and c.dep_ in ("acl", "relcl") for c in token.children):
            return False
        return any(self.reading.lexicon.is_a(p.entity.kind, "Person") for p in self.resolver.parties(token))

    def _doers(self, site: TriggerSite) -> list[Token]:
        """The subject of the verb above, or of a relative clause below (“the deal *they made*”)."""
        if site.governor is not None:
            return [t for t in subjects(site.governor) if t not in (site.trigger, site.nominal)]
        below = [c for c in site.trigger.children if c.dep_ in ("acl", "relcl") and is_clause(c)]
        return [t for clause in below for t in subjects(clause) if t != site.trigger]


def _is_apart(token: Token) -> bool:
    """“met on Friday, *with trade high on the agenda*”: what goes along with it, and nobody's partner."""
    while token.dep_ == "conj":
        token = token.head
    preposition = token.head
    is_with = preposition.lower_ == "with" and preposition.i > preposition.sent.start
    return is_with and preposition.nbor(-1).text == "," and preposition.i > preposition.head.i


def _is_rate(token: Token) -> bool:
    """“a tariff of *15 percent* on U.S. coal”."""
    return any(child.like_num for child in token.children) and token.pos_ == "NOUN"
