"""From the parts of a question to what it asks."""

from kg.lexicon import Lexicon
from kg.questions.binding import Bound
from kg.questions.frame import Frame, Of
from kg.questions.party_slots import PartyReader
from kg.questions.question_words import QuestionWords
from kg.questions.speakers import with_speakers
from kg.questions.subject import CLAIMS, subject, wanted
from kg.questions.topic_slots import TopicReader

__all__ = ["frame_of"]


def frame_of(bound: Bound, lexicon: Lexicon, otherwise: Of | None = None) -> Frame | None:
    """What a question asks; `None` if nothing that can be answered is recognised in it.

    Args:
        bound: The question taken apart.
        lexicon: Tells persons from countries, and terms of office.
        otherwise: Of what it is if it does not say so.
    """
    words = QuestionWords(bound, lexicon)
    of_topics, of_parties = TopicReader(words), PartyReader(words)
    topics, topic_spans = of_topics.topics()
    places, place_spans = of_topics.places(topic_spans)
    named = [
        it
        for it in words.spans
        if it.group in ("agent", "office")
        and not any((it.start, it.end) == (o.start, o.end) for o in (*topic_spans, *place_spans))
    ]
    period, terms = of_parties.period(named)
    named = [it for it in named if it not in terms]
    account = of_parties.account(named)
    named = [it for it in named if not words.is_account(it)]
    parties = of_parties.parties(named, period)
    of, is_guess = subject(words, topics, parties, places)
    of = of or otherwise
    if of is None:
        return None
    frame = Frame(
        question=words.bound.question,
        language=words.bound.language,
        want=wanted(words, of),
        of=of,
        kinds=words.folders(),
        is_trade="TradeTalk" in words.kinds,
        is_guess=is_guess,
        in_person="person" in words.roles,
        planned=words.is_planned(),
        parties=parties,
        topics=topics,
        places=places,
        period=period,
        wordings=of_topics.wordings(topic_spans),
        is_narrow=any(of_topics.is_name(it) for it in topic_spans),
        claims=tuple(dict.fromkeys(act for act in words.acts if act in CLAIMS)) if of == "claims" else (),
        excluded="exclude" in words.acts
        or ("discuss" in words.acts and "not" in words.roles and not words.is_yes_no()),
        account=account,
        one_sided="only" in words.roles and of == "topics",
        by_side=("both" in words.roles and of != "agreements") or of_parties.two_sided(parties),
        cancelled="cancel" in words.acts,
        why="why" in words.roles,
        is_plural=words.is_plural(),
        is_special="special" in words.roles or ("cancel" in words.acts and not parties and not places),
        unknown=words.bound.unknown,
        corrected=words.bound.corrected,
        order=words.order(),
        number=words.number(),
        offices=tuple(iri for it in named if it.group == "office" for iri in it.iris),
    )
    return with_speakers(frame, words)
