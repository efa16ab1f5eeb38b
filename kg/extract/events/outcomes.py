"""What a sentence makes of an event at a trigger: its status, and of a measure its effect."""

from collections.abc import Mapping

from spacy.tokens import Token

from kg.extract.clauses.clause import Judgement
from kg.extract.events.governors import TriggerSite
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.events.roles import Roles
from kg.extract.events.triggers import purpose_of
from kg.extract.rules import EventRule, Words
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import start_of


def is_to_come(noun: Token, lists: Mapping[str, Words]) -> bool:
    """“*arrived* for talks”, “his visit *will include* Seattle”: an exchange that somebody has before him."""
    if purpose_of(noun, lists["setting_out"]) is not None:
        return True
    verb = noun.head
    is_future = any(c.lower_ in ("will", "'ll") and c.dep_ == "aux" for c in verb.children)
    return noun.dep_ == "nsubj" and is_future and verb.lemma_ in lists["content_verbs"]


def with_shared_roles(found: list[EventMention]) -> list[EventMention]:
    """Measures of one noun: who lifts or extends what was imposed had imposed it, and on the same."""
    later = next((d for d in found if d.effect in ("Easing", "Extending") and d.has_role("imposedBy")), None)
    for draft in found:
        for role in ("imposedBy", "target"):
            for one, other in ((draft, later), (later, draft)):
                if one is not None and other is not None and not one.has_role(role):
                    one.roles += [(name, party) for name, party in other.roles if name == role]
    return found


def has_host(verb: Token, roles: Roles) -> bool:
    """Whether a journey has a country behind its verb that it leads to or away from."""
    return any(p.entity.kind == "Country" and p.start > start_of(verb) for _, p in roles)


def status_of(rule: EventRule, judgement: Judgement, *, is_still_to_come: bool = False) -> str | None:
    """The status of an event that is meant so; `None` if there is none to tell of.

    Args:
        rule: What found it.
        judgement: How the text means it.
        is_still_to_come: Whether it is what somebody has set out for.
    """
    status = judgement.status(is_exchange=rule.event in EXCHANGES or rule.event == "Invitation")
    if status == "Occurred" and is_still_to_come:
        return "Planned"
    return rule.status if status == "Occurred" and rule.status else status


def is_scheduled(draft: EventMention) -> bool:
    """“Clinton *meets* Jiang in Manila on Sunday”: the present tense with a day tells of what is to come."""
    verb = draft.governor
    if verb is None or verb.tag_ not in ("VBZ", "VBP") or draft.kind not in EXCHANGES:
        return False
    is_one = draft.is_new or draft.trigger.tag_ in ("NN", "NNP")
    if verb.lemma_ == "have" and is_one and draft.sentence.block.kind not in HEADINGS:
        return True  # “we *have* more meetings on that”
    return draft.date is not None and draft.date.form in ("weekday", "day")


def is_year(token: Token) -> bool:
    """Whether a number is that of a year."""
    return token.text.isdigit() and len(token.text) == len("2025")


def effect_of(rule: EventRule, site: TriggerSite) -> str | None:
    """Whether a measure restricts, eases or extends, by its verb and a noun between the two."""
    verb = _named(rule, site.governor)
    noun = _named(rule, site.nominal)
    if site.governor is None and noun is None:
        return "Restricting" if rule.effects and rule.nouns else None
    if noun is None or verb == "Extending":
        return verb
    if verb == noun == "Easing":
        return "Restricting"  # “ended the suspension of tariffs”
    return noun


def _named(rule: EventRule, word: Token | None) -> str | None:
    if word is None:
        return None
    return next((name for name, words in rule.effects.items() if word.lemma_.lower() in words), None)
