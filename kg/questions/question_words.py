"""The words of a question, each with what it stands for, and what they say by themselves."""

import re
from typing import Literal

from kg.lexicon import Lexicon
from kg.questions.binding import Bound, Span
from kg.terms import BASE

__all__ = ["CHINA", "SIDES", "US", "QuestionWords"]

US, CHINA = f"{BASE}id/country/united-states", f"{BASE}id/country/china"
SIDES = (US, CHINA)
_FOLDERS = {
    "Call": ("call",),
    "Meeting": ("meeting", "trade-talk"),
    "TradeTalk": ("trade-talk", "meeting"),
    "Visit": ("visit",),
    "Exchange": ("call", "meeting", "trade-talk"),
}
_YES_NO = re.compile(r"^\s*(?:and\s+|but\s+)?(?:was|were|did|is|are|has|have|had|do|does|did)\b", re.I)
_BETWEEN = re.compile(r"discuss|talk|cover|go over|went over|讨论|谈", re.I)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SEVERAL = re.compile(rf"\b(?:first|last|latest|most recent)\s+({'|'.join(_NUMBERS[2:])}|\d{{1,2}})\b", re.I)
_WILL = re.compile(
    r"\bwill\b|\b(?:is|are)\b[\w'. ]{0,40}?\b(?:going|due|expected|set|scheduled|about) to\b"
    r"|将|会在|何时会|什么时候会",
    re.I,
)


class QuestionWords:
    """One question taken apart; what the slots, the subject and the speakers are read from."""

    def __init__(self, bound: Bound, lexicon: Lexicon) -> None:
        self.bound, self.lexicon, self.text = bound, lexicon, bound.text
        self.spans = list(dict.fromkeys(bound.spans))
        self.acts = [it.value for it in self.spans if it.group == "act"]
        self.wants = [it.value for it in self.spans if it.group == "want"]
        self.kinds = [it.value for it in self.spans if it.group == "kind"]
        self.roles = {it.value for it in self.spans if it.group == "role"}

    def dates(self) -> list[Span]:
        """The days and periods that are named."""
        return [it for it in self.spans if it.group == "date"]

    def is_account(self, it: Span) -> bool:
        """“the *Chinese* readout”, “the *White House* one” after it."""
        if ("account" not in self.roles and "document" not in self.roles) or self.side(it) is None:
            return False
        after = self.text[it.end :]
        return bool(
            re.match(
                r"(?:'s|\s)*\s*(?:readout|account|version|telling|one\b|side's)|方?(?:通稿|文本|新闻稿)",
                after,
                re.I,
            )
        )

    def side(self, it: Span) -> str | None:
        """The side that an agent is or belongs to."""
        for entry in it.entries:
            if entry.iri in SIDES or entry.represents in SIDES:
                return entry.iri if entry.iri in SIDES else entry.represents
        return None

    def is_yes_no(self) -> bool:
        """Whether yes or no is wanted."""
        return bool(_YES_NO.search(self.text)) or "whether" in self.wants

    def order(self) -> Literal["", "first", "last"]:
        """Whether the first or the last is wanted."""
        if "first" in self.wants:
            return "first"
        if "duration" in self.wants:
            return ""
        return "last" if "last" in self.wants else ""

    def number(self) -> int:
        """“the last *three* meetings”."""
        match = _SEVERAL.search(self.text)
        if match is None:
            return 1
        return _NUMBERS.index(match[1].lower()) if match[1].lower() in _NUMBERS else max(1, int(match[1]))

    def folders(self) -> tuple[str, ...]:
        """The kinds of events, as folders of their identifiers."""
        named = [part for value in self.kinds for part in value.split("+")]
        if {*named} - {"Exchange", "Invitation", "PolicyAction"}:  # “spoke … by phone” is a call
            named = [part for part in named if part != "Exchange"]
        found = [folder for part in named for folder in _FOLDERS.get(part, ())]
        if self.kinds and all(value == "Meeting" for value in self.kinds) and "person" in self.roles:
            found = ["meeting"]
        return tuple(dict.fromkeys(found))

    def is_planned(self) -> bool:
        """Whether what lies ahead is asked about."""
        will = _WILL.search(self.text) is not None and bool(self.kinds)
        return will or ("planned" in self.roles and "took_place" not in self.roles)

    def is_plural(self) -> bool:
        """Whether several events are asked for."""
        nouns = [self.text[it.start : it.end].lower() for it in self.spans if it.group == "kind"]
        return any(it.endswith("s") for it in nouns) or "list" in self.wants

    def is_of_both(self) -> bool:
        """Whether the word is one that takes two, “discuss”, and no “raise” or “mention”."""
        said = [self.text[it.start : it.end].lower() for it in self.spans if it.group == "act"]
        return any(_BETWEEN.match(word) for word in said)

    def is_quoting(self) -> bool:
        """“did anyone mention the *xy*”: words that some text must have."""
        said = {self.text[it.start : it.end].lower() for it in self.spans if it.group == "act"}
        return bool(
            said & {"mention", "mentions", "mentioned", "say", "said", "提到", "提及", "说"}
        ) and bool(self.bound.unknown)

    def names_account(self) -> bool:
        """“the *U.S. account* of the call”: what one side tells of it."""
        return any(self.is_account(it) for it in self.spans if it.group == "agent")
