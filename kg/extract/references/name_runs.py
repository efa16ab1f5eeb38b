"""Names that stand together: lists of persons, two in one phrase, a name behind a title or a role."""

import re

from spacy.tokens import Token

from kg.extract.references.discourse import Party
from kg.extract.text.reading import Reading, end_of, start_of

COUNTERPARTS = frozenset(
    {"counterpart", "spokesperson", "spokesman", "spokeswoman", "envoy", "negotiator", "person"}
)
_TITLE = r"(?:(?:Gen|Adm|Lt|Col|Mr|Mrs|Ms|Dr)\. )?"
BESIDE = re.compile(rf", {_TITLE}")
AND = re.compile(rf",? and {_TITLE}")
# Between two names that the parser ran together: “and”, then only a title.
JOINED = re.compile(r",? and (?:[A-Z][\w.'-]* ){0,8}")
# Between the names of a list, and what ends one.
LISTED = re.compile(r",? (?P<and>and )|, ")
OTHERS = re.compile(r",? and (?:other|several|many|more)")
BOTH = re.compile(r",? and ")
# Between an office and the name of who holds it.
RANK = re.compile(r",? (?:[A-Z][\w.]* ){0,3}")
# “State Councilor *and Foreign Minister* Wang Yi”: one person with two offices.
SECOND_OFFICE = re.compile(r",? (?:and|concurrently) (?:[A-Z][\w.]* ){0,4}")
LONGEST_RANK = 40


class NameRuns:
    """Finds the persons whose names the parser ran together or hung elsewhere, by the words between."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def listed(self, first: Party) -> list[Party]:
        """“*A*, B, C and others”: the rest of a list, which the parser takes for appositions."""
        found: list[Party] = []
        end = first.end
        while (gap := LISTED.match(self.reading.text, end)) is not None:
            person = self._person_at(gap.end())
            if person is None:
                break
            found.append(person)
            end = person.end
            if gap["and"]:
                return found if len(found) > 1 else []
        return found if found and OTHERS.match(self.reading.text, end) else []

    def split(self, token: Token, own: Party) -> list[Party]:
        """“*A* and Vice Premier B held …”, which the parser gives two subjects."""
        beside = [c for c in token.head.rights if c.dep_ == token.dep_] if token.i < token.head.i else []
        beside += [c for c in token.head.lefts if c.dep_ == token.dep_ and c.i > token.i]
        for other in beside:
            mention = self.reading.mentions.agent_at(start_of(other))
            if mention is not None and mention.is_person and mention.start > own.end:
                start = self.reading.mentions.start_with_title(mention)
                if BOTH.fullmatch(self.reading.text, own.end, start):
                    return [Party(mention.entity, mention.start, mention.end, mention.capacity)]
        return []

    def run_together(self, token: Token, own: Party) -> list[Party]:
        """“President *A* and State Chairman B”, which the parser takes for one long name of B."""
        if token.pos_ != "PROPN":
            return []
        begin = start_of(token.left_edge)
        before = [m for m in self.reading.mentions.agents_in(begin, own.start) if m.is_person]
        return [
            Party(m.entity, m.start, m.end, m.capacity)
            for m in before
            if m.entity != own.entity and JOINED.fullmatch(self.reading.text, m.end, own.start)
        ]

    def titled(self, token: Token) -> list[Party]:
        """“*Minister* of National Defense Admiral Dong Jun”: the person whose name the title runs into."""
        match = self.reading.mentions.office_at(start_of(token))
        if match is None:
            return []
        after = self.reading.mentions.agents_in(match.end, match.end + LONGEST_RANK)
        person = next((m for m in after if m.is_person), None)
        if person is None:
            return []
        is_double = SECOND_OFFICE.fullmatch(self.reading.text, match.end, person.start) is not None
        is_double &= (
            self.reading.text[person.start : person.end] != person.entity.label
        )  # its office before it
        is_double &= not any(child.dep_ in ("det", "poss") for child in token.children)
        if not is_double and not RANK.fullmatch(self.reading.text, match.end, person.start):
            return []
        return [Party(person.entity, person.start, person.end, person.capacity)]

    def beside(self, token: Token) -> list[Party]:
        """“his Chinese counterpart, *Gen. Wei Fenghe*,”: names that the parser hangs elsewhere."""
        if token.lemma_.lower() not in COUNTERPARTS:
            return []
        found: list[Party] = []
        end = end_of(token)
        while (start := (AND if found else BESIDE).match(self.reading.text, end)) is not None:
            person = self._person_at(start.end())
            if person is None:
                break
            found.append(person)
            end = person.end
        return found

    def _person_at(self, offset: int) -> Party | None:
        """The person whose name begins at an offset, or behind the office that does."""
        office = self.reading.mentions.office_at(offset)
        if office is not None and office.start == offset:
            offset = office.end + 1
        mention = self.reading.mentions.agent_at(offset)
        if mention is None or not mention.is_person or mention.start > offset:
            return None
        return Party(mention.entity, mention.start, mention.end, mention.capacity)
