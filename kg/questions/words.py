"""Words as questions use them: stems, and the ways to say one thing."""

import re
from collections.abc import Iterator
from functools import cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?", re.UNICODE)
# Words without a say in what is asked.
EMPTY = frozenset(
    """a an the of to in on at by for from with and or as is are was were be been being do does did has have had
    it its this that these those there their them they he she his her him our your you me my i we us any some all
    what which please tell show give list know find can could into about over than then s also just really so
    anything something thing things one ones such other's ever own up out get got let lets""".split()
)
# Ways to say one thing; the first of a row stands for all. A phrase is joined by blanks.
SAME = (
    "excluded|left out|leave out|off the table|off the agenda|not on the agenda|omitted|omit|undiscussed|avoid|"
    "avoided|not discussed|not discuss|not talked about|not talk about|not raised|not raise|not mention|"
    "not mentioned|not come up|not brought up|didn't come up|didn't discuss|wasn't discussed|weren't discussed|"
    "wasn't raised|weren't raised|wasn't mentioned|weren't mentioned|not touched|skipped|sidestepped|ruled out|"
    "not talked|never mentioned in|absent from|not part of|not covered|not addressed|went undiscussed",
    "discuss|talk about|talked about|talk on|come up|came up|comes up|coming up|raise|raised|cover|covered|address|"
    "addressed|bring up|brought up|broach|talked of|speak about|spoke about|discussion|mention|mentioned|mentions",
    "topic|subject|issue|matter|theme",
    "call|phone call|phone|telephone|phoned|conversation|calls",
    "meeting|meet|met|summit|sit-down|sat down|meets",
    "talks|negotiation|negotiations|round of talks|rounds|consultations|trade talks|rounds of talks",
    "demand|demanded|ask of|asked of|asked to|urge|urged|want from|wants from|want|wants|request|requested|call on|"
    "called on|press for|pressed for|insist on",
    "commit|committed|commitment|promise|promised|pledge|pledged|vow|vowed|undertake|agree to do",
    "say|said|says|state|stated|statement|remark|comment|claim|claimed|declare|declared|tell|told",
    "contradict|contradiction|conflict|clash|cannot both be true|inconsistent|at odds|disagree",
    "compare|comparison|differ|difference|versus|vs|different",
    "warn|warned|warning|threaten|threatened|threat|caution|cautioned",
    "deny|denied|denial|reject|rejected|refute|refuted",
    "participant|take part|took part|attend|attended|present|in the room|on the line|participate|participated",
    "how_often|how often|how many times|how frequently|number of times",
    "how_long|how long|duration|last for|did it last",
    "how_many|how many|number of",
    "plan|is coming up|planned|scheduled|upcoming|coming|next|future|due|ahead",
    "invitation|invite|invited|invites",
    "risk|danger|what may happen|might happen|could happen|prediction|forecast",
    "analyst|expert|think tank|outside|observer|third party|third parties|outsider|scholar",
    "undecided|open|to be determined|unsettled|unresolved|still to be decided",
    "first|for the first time|new|earliest|originally",
    "last_time|last time|most recent|latest|most recently|lately|recently",
    "affirm|affirmed|reaffirm|reaffirmed|uphold|upheld|reiterate",
    "impose|imposed|measure|sanction|sanctioned|tariff imposed",
    "evidence|source|proof|where does it say|passage|quote|citation",
    "side|both sides|two sides|the sides|either side",
    "document|report|article|readout|readouts|text|statement text",
    "per_year|per year|each year|by year|every year|a year|yearly|annual",
    "cancel|cancelled|canceled|called off|scrapped|fell through|postponed",
    "visit|visited|travel|travelled|traveled|trip|went to|go to",
    "follow|followed|came of|come of|after|since then|result|resulted|outcome",
    "who_started|initiated|requested the|asked for|at whose request|whose request|hosted",
    "silent|silence|unmentioned|nobody mention|nobody mentioned|went quiet",
    "position|stance|view|attitude|line",
    "change|changed|shift|shifted|evolve|evolved|over time",
    "most|top|main|biggest|dominated|dominate|mainly|mostly|chiefly|primarily",
    "agreement|deal|agreed|agree|accord|truce",
    "both|together|joint|jointly|in common|share",
    "only|alone|just one|one-sided|single",
    "between|shared by",
    "happen|happens|happened|take place|took place|go on|went on|done",
    "particulars|details|detail|specifics|circumstances|known of|know of|know about|known about|is known",
    "office|job|position held|post held",
    "place|venue|location",
)
NEGATIVE = frozenset(["not", "never", "no", "n't", "nobody", "neither", "nor", "without", "none"])
_STEMMER = snowballstemmer.stemmer("english")


@cache
def stem(word: str) -> str:
    """The stem of an English word (Snowball)."""
    return str(_STEMMER.stemWord(word.lower()))


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    """Stems of each phrase with the concept that it stands for."""
    found: dict[tuple[str, ...], str] = {}
    for row in SAME:
        first, *rest = row.split("|")
        for phrase in (first, *rest):
            found.setdefault(tuple(stems(phrase)), first)
    return found


@cache
def _longest() -> int:
    return max(map(len, _phrases()))


def stems(text: str) -> list[str]:
    """The stems of a text in order; “didn't” counts as “did not”."""
    plain = text.lower().replace("’", "'").replace("n't", " not").replace("'s", " ")
    return [stem(word) for word in WORD.findall(plain)]


def concepts(text: str) -> Iterator[str]:
    """What the words of a text say, phrases first, empty words left out.

    A negation stays by itself, since it turns a question around.
    """
    words = stems(text)
    index = 0
    while index < len(words):
        for length in range(min(_longest(), len(words) - index), 0, -1):
            concept = _phrases().get(tuple(words[index : index + length]))
            if concept is not None:
                yield concept
                index += length
                break
        else:
            if words[index] in NEGATIVE:
                yield "not"
            elif words[index] not in _EMPTY:
                yield words[index]
            index += 1


_EMPTY = frozenset(stem(word) for word in EMPTY)
