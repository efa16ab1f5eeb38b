"""How a text means an event: each operator over each kind of event, active and passive, and its status."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Document, Fact, Name

# Kind of event: subject, past tense, base form, gerund; noun phrase, its form of “be”, participle.
KINDS = {
    "Call": (
        "President Trump",
        "called President Xi Jinping",
        "call President Xi Jinping",
        "calling President Xi Jinping",
        "call between President Trump and President Xi Jinping",
        "was",
        "held",
    ),
    "Meeting": (
        "President Trump",
        "met President Xi Jinping",
        "meet President Xi Jinping",
        "meeting President Xi Jinping",
        "meeting between President Trump and President Xi Jinping",
        "was",
        "held",
    ),
    "Visit": (
        "President Trump",
        "visited China",
        "visit China",
        "visiting China",
        "visit by President Trump to China",
        "was",
        "made",
    ),
    "TradeTalk": (
        "The United States",
        "held trade talks with China",
        "hold trade talks with China",
        "holding trade talks with China",
        "trade talks between the United States and China",
        "were",
        "held",
    ),
    "TariffAction": (
        "The United States",
        "imposed tariffs on China",
        "impose tariffs on China",
        "imposing tariffs on China",
        "tariffs on China",
        "were",
        "imposed by the United States",
    ),
    "ExportControl": (
        "The United States",
        "imposed export controls on China",
        "impose export controls on China",
        "imposing export controls on China",
        "export controls on China",
        "were",
        "imposed by the United States",
    ),
    "Sanction": (
        "The United States",
        "imposed sanctions on China",
        "impose sanctions on China",
        "imposing sanctions on China",
        "sanctions on China",
        "were",
        "imposed by the United States",
    ),
    "Agreement": (
        "The United States",
        "reached an agreement with China on tariffs",
        "reach an agreement with China on tariffs",
        "reaching an agreement with China on tariffs",
        "agreement between the United States and China on tariffs",
        "was",
        "reached",
    ),
    "Invitation": (
        "President Trump",
        "invited President Xi Jinping to visit Washington",
        "invite President Xi Jinping to visit Washington",
        "inviting President Xi Jinping to visit Washington",
        "invitation to President Xi Jinping",
        "was",
        "extended by President Trump",
    ),
}
EXCHANGES = ("Call", "Meeting", "Visit", "TradeTalk", "Invitation")
# Operator: sentence, status of an exchange or invitation, status of a measure or an agreement.
ACTIVE = {
    "plain": ("{S} {past}.", "Occurred", "Occurred"),
    "not": ("{S} did not {base}.", None, None),
    "never": ("{S} never {past}.", None, None),
    "neither": ("Neither {s} nor Vice President Vance {past}.", None, None),
    "nor": ("It rained. Nor did {s} {base}.", None, None),
    "unlikely": ("{S} is unlikely to {base}.", None, None),
    "has yet to": ("{S} has yet to {base}.", None, None),
    "stopped short": ("{S} stopped short of {ger}.", None, None),
    "refused": ("{S} refused to {base}.", None, None),
    "declined": ("{S} declined to {base}.", None, None),
    "decided against": ("{S} decided against {ger}.", None, None),
    "backed away": ("{S} backed away from {ger}.", None, None),
    "held off": ("{S} held off on {ger}.", None, None),
    "no plan": ("{S} has no plan to {base}.", None, None),
    "does not plan": ("{S} does not plan to {base}.", None, None),
    "ruled out": ("{S} ruled out {ger}.", None, None),
    "threatened": ("{S} threatened to {base}.", None, None),
    "threat": ("The threat by {s} to {base} worried markets.", None, None),
    "warned": ("{S} warned that it would {base}.", None, None),
    "will": ("{S} will {base} next month.", "Planned", "Planned"),
    "promised": ("{S} promised to {base}.", "Planned", "Planned"),
    "vowed": ("{S} vowed to {base}.", "Planned", "Planned"),
    "plans": ("{S} is planning to {base}.", "Planned", "Planned"),
    "is set to": ("{S} is set to {base}.", "Planned", "Planned"),
    "agreed": ("{S} agreed to {base}.", "Planned", "Planned"),
    "hopes": ("{S} hopes to {base}.", "Proposed", None),
    "wants": ("{S} wants to {base}.", "Proposed", None),
    "proposed": ("{S} proposed {ger}.", "Proposed", None),
    "urged": ("Senators urged {s} to {base}.", None, None),
    "demands": ("Senators demanded that {s} {base}.", None, None),
    "should": ("{S} should {base}.", "Proposed", None),
    "if": ("If {s} {past}, markets would rise.", None, None),
    "unless": ("Unless {s} {past}, markets will fall.", None, None),
    "will if": ("{S} will {base} if Congress agrees.", None, None),
    "had": ("Had {s} {past}, markets would have risen.", None, None),
    "would have": ("{S} would have {past}.", None, None),
    "almost": ("{S} almost {past}.", None, None),
    "nearly": ("{S} nearly {past}.", None, None),
    "instead of": ("Instead of {ger}, {s} went golfing.", None, None),
    "rather than": ("Rather than {base}, {s} went golfing.", None, None),
    "without": ("{S} ended the year without {ger}.", None, None),
    "was to have": ("{S} was to have {past}.", None, None),
    "was supposed": ("{S} was supposed to {base}.", None, None),
    "rumoured": ("{S} is rumoured to have {past}.", None, None),
    "rumours": ("Rumours that {s} {past} are false.", None, None),
    "untrue": ("It is untrue that {s} {past}.", None, None),
    "not true": ("It is not true that {s} {past}.", None, None),
    "denied": ("The White House denied that {s} {past}.", None, None),
    "not deny": ("The White House did not deny that {s} {past}.", None, None),
    "not say": ("The White House did not say that {s} {past}.", None, None),
    "said": ("The White House said that {s} {past}.", "Occurred", "Occurred"),
    "may have": ("{S} may have {past}.", None, None),
    "perhaps": ("Perhaps {s} {past}.", None, None),
    "reportedly": ("{S} reportedly {past}.", "Occurred", "Occurred"),
    "doubts": ("Analysts doubt that {s} {past}.", None, None),
    "whether": ("It is unclear whether {s} {past}.", None, None),
    "question": ("Did {s} {base}?", None, None),
    "in the novel": ("In the novel, {s} {past}.", None, None),
    "in the film": ("In the film, {s} {past}.", None, None),
    "imagine": ("Imagine that {s} {past}.", None, None),
    "too early": ("It is too early for {s} to {base}.", None, None),
    "unable": ("{S} was unable to {base}.", None, None),
    "hardly": ("{S} hardly {past}.", None, None),
    "cancelled plan": ("{S} cancelled plans to {base}.", "Cancelled", None),
}
PASSIVE = {
    "plain": ("{Art} {noun} {be} {pp} on March 3, 2025.", "Occurred", "Occurred"),
    "not": ("{Art} {noun} {be} not {pp}.", None, None),
    "never": ("{Art} {noun} {be} never {pp}.", None, None),
    "no": ("No {noun} {be} {pp}.", None, None),
    "unlikely": ("{Art} {noun} {be} unlikely to be {pp}.", None, None),
    "yet": ("{Art} {noun} {be} yet to be {pp}.", None, None),
    "will": ("{Art} {noun} will be {pp} next month.", "Planned", "Planned"),
    "should": ("{Art} {noun} should be {pp}.", "Proposed", None),
    "almost": ("{Art} {noun} {be} almost {pp}.", None, None),
    "supposed": ("{Art} {noun} {be} supposed to be {pp}.", None, None),
    "if": ("If {art} {noun} {be} {pp}, markets would rise.", None, None),
    "would have": ("{Art} {noun} would have been {pp}.", None, None),
    "may have": ("{Art} {noun} may have been {pp}.", None, None),
    "denied": ("The White House denied that {art} {noun} {be} {pp}.", None, None),
    "whether": ("It is unclear whether {art} {noun} {be} {pp}.", None, None),
    "novel": ("In the novel, {art} {noun} {be} {pp}.", None, None),
    "cancelled": ("The {noun} {be} cancelled.", "Cancelled", None),
    "called off": ("The {noun} {be} called off.", "Cancelled", None),
    "fell through": ("The planned {noun} fell through.", "Cancelled", None),
    "possible": ("{Art} {noun} {be} possible.", "Proposed", None),
    "rumour": ("Rumours of {art} {noun} were denied.", None, None),
    "threat": ("The threat of {art} {noun} remains.", None, None),
}
# Said of talks in general, of nobody's measure in particular, or of an invitation whose host is not told.
UNTOLD = {
    (kind, name)
    for kind in ("Invitation",)
    for name in ("cancelled", "called off", "fell through", "possible")
}
UNTOLD.add(("TradeTalk", "possible"))
UNTOLD |= {
    (kind, name)
    for kind in ("TariffAction", "ExportControl", "Sanction", "Agreement")
    for name in ("cancelled", "called off", "fell through")
}


def _cells() -> list[tuple[str, str, str, str, str | None]]:
    """Voice, operator, kind, sentence, expected status."""
    cells = []
    for kind, (subject, past, base, gerund, noun, be, participle) in KINDS.items():
        inside = subject.replace("The ", "the ")
        for name, (words, exchange, measure) in ACTIVE.items():
            text = words.format(S=subject, s=inside, past=past, base=base, ger=gerund)
            cells.append(("active", name, kind, text, exchange if kind in EXCHANGES else measure))
        article = "" if be == "were" else "an" if noun[0] in "aeiou" else "a"
        for name, (words, exchange, measure) in PASSIVE.items():
            if (kind, name) in UNTOLD:
                continue
            text = words.format(Art=article.capitalize(), art=article, noun=noun, be=be, pp=participle)
            text = " ".join(text.split())
            expected = exchange if kind in EXCHANGES else measure
            cells.append(("passive", name, kind, text[0].upper() + text[1:], expected))
    return cells


CELLS = _cells()


@pytest.fixture(scope="module")
def statuses() -> dict[str, set[tuple[str, str]]]:
    """Kind and status of the events of each sentence."""
    texts = dict.fromkeys(text for *_, text, _ in CELLS)
    documents = [Document(text, text, published="2025-03-10") for text in texts]
    found: dict[str, set[tuple[str, str]]] = {}
    for document, statements in RuleExtractor().extract_many(documents, Lexicon.load()):
        found[document.body] = {
            (s.subject.kind, s.object.name)
            for s in statements
            if isinstance(s, Fact) and s.predicate == "status" and isinstance(s.object, Name)
        }
    return found


@pytest.mark.parametrize("name", sorted({(voice, name) for voice, name, *_ in CELLS}), ids=" ".join)
def test_operator_gives_each_kind_of_event_its_status(
    name: tuple[str, str], statuses: dict[str, set[tuple[str, str]]]
) -> None:
    cells = [
        (kind, text, status) for voice, operator, kind, text, status in CELLS if (voice, operator) == name
    ]
    found = {text: {s for k, s in statuses[text] if k == kind} for kind, text, _ in cells}
    assert found == {text: {status} if status else set() for _, text, status in cells}
