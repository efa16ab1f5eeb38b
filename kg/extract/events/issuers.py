"""Who takes a measure, and whom it hits, where its own verb does not say so: orders, forces, lists."""

from collections.abc import Iterable
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, conjuncts, is_clause, obliques, subjects
from kg.extract.events.governors import TriggerSite
from kg.extract.events.mention import EventMention
from kg.extract.events.triggers import owners, possessors
from kg.extract.references.discourse import Party
from kg.extract.references.mentions import as_entity
from kg.extract.references.pairs import SIDES
from kg.extract.references.resolver import UNITED_STATES, Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.extract.time.dates import DateMention

PARTS = frozenset({"conj", "dobj", "pcomp", "xcomp", "ccomp", "advcl", "pobj", "prep", "attr"})
Roles = list[tuple[str, Party]]


class IssuerFinder:
    """Finds those behind measures in one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver

    def behind_orders(self, words: list[Token], site: TriggerSite) -> tuple[list[Token], list[Party]]:
        """Whoever issued the orders among those who are said to impose; the country whose they must be."""
        issuers = [t for word in words for t in self._issuers(word)]
        orders = [w for w in words if self._is_american_order(w)]
        issuers = [t for t in issuers if t.head not in orders and t not in orders]
        if orders and not issuers:
            return [], [self.resolver.country(UNITED_STATES, site.trigger)]
        instruments = self.rules.lists["instruments"]
        return [w for w in words if w.lemma_.lower() not in instruments] + issuers, []

    def of_forces(self, words: list[Token]) -> list[Party]:
        """“*U.S.* warships sailed through the strait”, “the *USS* Milius”: whose forces they are."""
        ships = [w for w in words if self._is_american_ship(w)]
        if ships:
            return [self.resolver.country(UNITED_STATES, w) for w in ships]
        forces = [w for w in words if w.lemma_.lower() in self.rules.lists["military_nouns"]]
        return [party for word in forces for party in self.resolver.owners(word)]

    def in_whose_name(self, party: Party, site: TriggerSite) -> Party:
        """“*Blinken* promised to lift sanctions”: an official speaks of what his government will do."""
        verb = site.governor
        side = self.resolver.side_of(party.entity)
        is_promise = verb is not None and verb.dep_ == "xcomp" and is_clause(verb.head)
        if not is_promise or party.entity.kind != "Official" or side not in SIDES:
            return party
        return replace(party, entity=as_entity(self.reading.lexicon.entries[side]))

    def past_quantities(self, words: list[Token]) -> list[Token]:
        """“tariffs on $250 billion worth of *Chinese goods*”: what it is so much of."""
        nouns = self.rules.lists["quantity_nouns"]
        found: list[Token] = []
        for word in words:
            of = obliques(word).get("of", []) if word.lemma_.lower() in nouns else []
            found += of or [word]
        return found

    def of_missions(self, words: list[Token]) -> list[Party]:
        """“closed the *Chinese* consulate in Houston”: the country whose mission is hit."""
        nouns = self.rules.lists["mission_nouns"]
        return [p for w in words if w.lemma_.lower() in nouns for p in self.resolver.owners(w)]

    def included(self, words: list[Token]) -> list[Party]:
        """“13 firms, *including 11 from China*”, “goods *made in China*”: where what is hit comes from."""
        some = [t for word in words for t in obliques(word).get("including", [])]
        some = [t for one in some for t in conjuncts(one)]
        made = self.rules.lists["origin_verbs"]
        some += [c for w in words for c in w.children if c.dep_ == "acl" and c.lemma_.lower() in made]
        return self.resolver.all_parties(
            t for one in some for name in ("from", "in") for t in obliques(one).get(name, [])
        )

    def unsaid(self, site: TriggerSite, found: Roles, *, has_target: bool) -> Roles:
        """The roles that the words around a measure give, of those that are not there yet."""
        given = {role for role, _ in found}
        roles: Roles = []
        if "imposedBy" not in given:
            roles += [("imposedBy", party) for party in self._doers(site)]
        if has_target and "target" not in given:
            roles += [("target", party) for party in self._sufferers(site)]
        return roles

    def _doers(self, site: TriggerSite) -> list[Party]:
        """“*It* vowed to suspend talks”, “measures of *A* that include raising tariffs”."""
        verb = site.governor
        if verb is None:
            return []
        pronouns = [t for t in subjects(verb) if t.lower_ == "it"]
        bodies = [self.resolver.pronouns.body(t) for t in pronouns]
        if pronouns:
            return [
                replace(b, start=start_of(t), end=end_of(t))
                for b, t in zip(bodies, pronouns, strict=True)
                if b
            ]
        listing = self._listing(verb)
        return [] if listing is None else self._behind_list(listing)

    def _listing(self, verb: Token) -> Token | None:
        """“These *include* raising tariffs, adding firms to a list”: the verb whose list a measure is in."""
        current = verb
        while current.dep_ in PARTS and current.head != current:
            current = current.head
            if current.lemma_.lower() in self.rules.lists["listing_verbs"]:
                has_own = any(c.dep_ == "nsubj" for c in verb.children)
                return current if verb.tag_ == "VBG" and not has_own else None
        return None

    def day_of_list(self, draft: EventMention) -> DateMention | None:
        """“*On Monday* A announced curbs. These include a ban on …”: the day of the sentence before."""
        listing = self._listing(draft.governor) if draft.governor is not None else None
        before = next(iter(self.reading.sentences_before(draft.sentence.start)), None)
        if listing is None or listing != draft.sentence.root or before is None:
            return None
        for day in self.reading.dates_in(before.start, before.end):
            word = self.reading.token_at(before, day.end - 1)
            heads = [] if word is None else [word.head, word.head.head]
            if day.date and before.root in heads:
                return day
        return None

    def _behind_list(self, listing: Token) -> list[Party]:
        """Who took the measures of a list: said in the clause around it, or in the sentence before."""
        if listing.dep_ == "relcl":
            clause = clause_above(listing.head)
            words = [*(subjects(clause) if clause is not None else []), *owners(listing.head)]
            return self._issuing(words)
        named = [t for t in subjects(listing) if t.lemma_.lower() in self.rules.lists["listed_nouns"]]
        found = self._issuing(t for noun in named for t in (*owners(noun), *obliques(noun).get("by", [])))
        before = next(iter(self.reading.sentences_before(start_of(listing))), None)
        if found or not named or before is None:
            return found
        return self._issuing([*subjects(before.root), *obliques(before.root).get("by", [])])

    def _issuing(self, words: Iterable[Token]) -> list[Party]:
        found = self.resolver.all_parties(words)
        return [party for party in found if self.resolver.side_of(party.entity) in SIDES]

    def _sufferers(self, site: TriggerSite) -> list[Party]:
        """“*Li* faces U.S. sanctions”, “*Chinese* goods face duties”: those who have a measure to bear."""
        noun = site.trigger
        if site.governor is not None or noun.dep_ != "dobj":
            return []
        if noun.head.lemma_.lower() not in self.rules.lists["suffering_verbs"]:
            return []
        words = subjects(noun.head)
        return self.resolver.all_parties(words) or [p for w in words for p in self.resolver.owners(w)]

    def _issuers(self, word: Token) -> list[Token]:
        """“an *order* that imposes tariffs”: whose order it is, or who is said to sign or issue it."""
        if word.lemma_.lower() not in self.rules.lists["instruments"]:
            return []
        issuers = [*possessors(word), *obliques(word).get("by", []), *obliques(word).get("of", [])]
        issuers = [t for t in issuers if t.head != word or self._is_known(t)]  # not the “*Executive* Order”
        clause = clause_above(word)
        if word.dep_ in ("dobj", "pobj", "nsubjpass") and clause is not None:
            issuers += subjects(clause)
        if word.dep_ == "nsubj" and clause is not None and clause.dep_ == "ccomp" and clause.tag_ == "VBG":
            issuers += subjects(clause.head)  # “*signed* an order extending …”
        below = [c for c in word.children if c.dep_ in ("acl", "relcl") and is_clause(c)]
        return issuers + [t for c in below for t in subjects(c) if t != word]

    def _is_american_order(self, word: Token) -> bool:
        """“imposed by *Executive Order* 14257”: of the two only the United States calls them so."""
        text = self.reading.text[start_of(word.left_edge) : end_of(word)].lower()
        return any(name in text for name in self.rules.lists["american_orders"])

    def _is_american_ship(self, word: Token) -> bool:
        """“the *USS* Milius”: the prefix of the ships of one navy."""
        text = self.reading.text[start_of(word.left_edge) : end_of(word)]
        return any(part in self.rules.lists["american_ships"] for part in text.lower().split())

    def _is_known(self, token: Token) -> bool:
        """Whether a word names somebody of whom more is known than this document tells."""
        return any(party.entity.iri is not None for party in self.resolver.parties(token))
