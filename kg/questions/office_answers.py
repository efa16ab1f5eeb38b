"""Answers about holders of offices, from the reference data."""

from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply, Row
from kg.terms import BASE

__all__ = ["office_answer"]


def office_answer(frame: Frame, words: Phrases, today: str) -> Reply:
    """The answer to a frame of offices.

    Args:
        frame: What is asked.
        words: Phrases of the question's language.
        today: Day that counts where none is named.
    """
    lexicon = words.lexicon
    offices = frame.offices or tuple(_heads(frame))
    period = frame.period
    day = period.end or period.start or today
    rows: list[Row] = []
    for office in offices:
        terms = [t for t in lexicon.tenures if t.office == office]
        if (
            frame.want in ("list", "first", "last", "count")
            and (frame.is_plural or frame.order)
            and not period
        ):
            chosen = (
                terms[:1] if frame.order == "first" else terms[-1:] if frame.order == "last" else terms[::-1]
            )
        else:
            chosen = [t for t in terms if t.covers(day)] or [
                t for t in terms if period and t.covers(period.start or day)
            ]
        rows += [
            {
                "person": t.holder,
                "personLabel": words.label(t.holder),
                "officeLabel": words.label(office),
                "startDate": t.start,
                "endDate": t.end or "",
                "document": "",
                "quote": "",
            }
            for t in chosen
        ]
    if not rows:
        names = words.listed(words.label(office) for office in offices)
        return Reply(
            words.say(
                "The reference data name no holder of the office {name} then.",
                "参考数据中没有当时担任{name}的人。",
                name=names,
            ),
            is_found=False,
        )
    items = words.listed(
        words.say(
            "{who}, {office} since {start}{end}",
            "{who}（{office}，{start}起{end}）",
            who=row["personLabel"],
            office=row["officeLabel"],
            start=words.date(row["startDate"]),
            end=words.say(" until {d}", "至{d}", d=words.date(row["endDate"])) if row["endDate"] else "",
        )
        for row in rows
    )
    return Reply(items + words.say(".", "。"), rows, (), "")


def _heads(frame: Frame) -> list[str]:
    return [
        f"{BASE}id/office/president-of-{iri.rsplit('/', 1)[-1].replace('united', 'the-united')}"
        for p in frame.parties
        if p.is_side
        for iri in p.iris
    ]
