"""Documents and graphs of the real shape in any number: `python -m benchmarks.synthetic --help`."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate

import click
from rdflib import RDF, SKOS, Graph, URIRef
from rdflib.term import Node

from kg import resources
from kg.ingest import Pipeline, Prepared
from kg.read import read_bytes
from kg.terms import ID, KG, document_graph, inferred_graph

__all__ = ["documents", "quads"]

FIRST_DAY = date(2009, 1, 20)
DAYS = 6_200
MOST_COMMON = 1.1  # exponent of Zipf's law for who is named and what is talked about
_BASE = 300  # documents whose graphs the others are varied from
_OPENINGS = (
    "{us} spoke with {cn} by telephone on {day}.",
    "{us} met with {cn} in {place} on {day}.",
    "{cn} met with {us} in {place} on {day}.",
    "On {day}, {us} held a phone call with {cn}.",
    "{us} visited Beijing on {day} and met with {cn}.",
)
_TALK = (
    "The two sides discussed {one} and {two}.",
    "{us} raised {one}.",
    "They exchanged views on {one}.",
    "{cn} stressed that {one} is an important issue.",
    "{us} urged China to make progress on {one}.",
    "According to Xinhua, {cn} called on the United States to respect China's position on {one}.",
    "{one} was not discussed.",
    "Analysts said that {one} would remain difficult.",
)
_INVITATIONS = ("{us} invited {cn} to visit Washington.", "{cn} invited {us} to visit Beijing.")
_INVITING = 0.05  # of the documents
_FILLER = (
    "Observers had waited for the exchange for several weeks.",
    "The statement gave few details, and officials declined to comment further.",
    "Markets in the region closed slightly higher after the news.",
    "Preparations had been under way since the beginning of the quarter.",
    "Earlier rounds had ended without a common text.",
    "Several companies said they were studying what the announcement would mean for them.",
    "The schedule for the coming months has not been published.",
    "Diplomats from other countries followed the talks closely.",
)
_PLACES = ("Beijing", "Washington", "Geneva", "London", "San Francisco", "Bali", "Busan", "Madrid")
_PUBLISHERS = (
    "Reuters",
    "Xinhua",
    "The White House",
    "Ministry of Foreign Affairs of China",
    "Associated Press",
)


def documents(count: int, *, seed: int = 0) -> Iterator[dict[str, str]]:
    """Records as `kg read` and `kg load` take them in JSON lines; the same seed gives the same documents.

    A few people, topics and days are in most of them, most in a few; lengths are spread as in news.
    """
    chance, known = random.Random(seed), _reference()
    americans, chinese = (_people(known, ID[f"country/{side}"]) for side in ("united-states", "china"))
    topics = _labels(known, set(known.subjects(RDF.type, KG.Topic)))
    for number in range(count):
        day = FIRST_DAY + timedelta(days=int(DAYS * chance.betavariate(2, 1)))
        named = {
            "us": _pick(chance, americans),
            "cn": _pick(chance, chinese),
            "day": f"{day:%B} {day.day}, {day.year}",
            "place": chance.choice(_PLACES),
        }
        yield {
            "id": f"synthetic-{seed}-{number:07}",
            "title": f"{named['us']} and {named['cn']}",
            "date": (day + timedelta(days=1)).isoformat(),
            "publisher": _pick(chance, _PUBLISHERS),
            "text": _text(chance, named, topics),
        }


def quads(count: int, *, seed: int = 0) -> Iterator[tuple[str, list[bytes]]]:
    """Identifier and N-Quads of each document, as `kg read` would have written them.

    The graphs of a few hundred documents that were really read are varied: another day, another document.
    """
    chance = random.Random(seed)
    bases = [*_bases(min(count, _BASE), seed)]
    for number in range(count):
        made, days = bases[number % len(bases)]
        away = int(DAYS * chance.betavariate(2, 1)) - DAYS // 2 if number >= len(bases) else 0
        shift = timedelta(days=away)
        id = f"synthetic-{seed}-{number:07}"
        yield id, _varied(made, days, shift, id)


def _bases(count: int, seed: int) -> Iterator[tuple[Prepared, list[date]]]:
    records = [*documents(count, seed=seed)]
    read = (
        document
        for record in records
        for document in read_bytes(json.dumps(record).encode(), "base.jsonl", max_bytes=1_000_000)
    )
    for made in Pipeline().prepare(read):
        if not made.problem:
            found = re.findall(r"\b(?:19|20)\d\d-\d\d-\d\d\b", made.stated.decode())
            yield made, sorted({date.fromisoformat(day) for day in found})


def _varied(made: Prepared, days: list[date], shift: timedelta, id: str) -> list[bytes]:
    renamed = {day.isoformat(): (day + shift).isoformat() for day in days}

    def named_anew(found: re.Match[str]) -> str:
        if found[1]:
            return f"/{found[1]}/{sha256(f'{id} {found[2]}'.encode()).hexdigest()[:20]}"
        return id if found[0] == made.document else renamed.get(found[0], found[0])

    pattern = re.compile(rf"/(fact|claim)/([0-9a-f]{{20}})|{re.escape(made.document)}|\b\d{{4}}-\d\d-\d\d\b")
    lines = []
    for graph, data in ((document_graph(id), made.stated), (inferred_graph(id), made.inferred)):
        end = f" <{graph}> .\n"
        text = pattern.sub(named_anew, data.decode())
        lines += [(line.removesuffix(" .") + end).encode() for line in text.splitlines() if line]
    return lines


def _text(chance: random.Random, named: dict[str, str], topics: Sequence[str]) -> str:
    words = int(min(3_000, chance.lognormvariate(6.0, 0.6)))
    sentences = [chance.choice(_OPENINGS).format(**named)]
    talk = [*_TALK]
    chance.shuffle(talk)
    for template in talk[: chance.randint(2, 6)]:
        sentences.append(template.format(**named, one=_pick(chance, topics), two=_pick(chance, topics)))
    if chance.random() < _INVITING:
        sentences.append(chance.choice(_INVITATIONS).format(**named))
    while sum(len(sentence.split()) for sentence in sentences) < words:
        sentences.insert(chance.randint(1, len(sentences)), chance.choice(_FILLER))
    paragraphs = (" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4))
    return "\n\n".join(paragraphs)


def _reference() -> Graph:
    known = Graph()
    for path in resources.files("ontology", ".ttl"):
        known.parse(path)
    return known


def _people(known: Graph, country: URIRef) -> list[str]:
    people = {*known.subjects(RDF.type, KG.Leader), *known.subjects(RDF.type, KG.Official)}
    return _labels(known, people & {*known.subjects(KG.represents, country)})


def _labels(known: Graph, things: Iterable[Node]) -> list[str]:
    found = (label for thing in things for label in known.objects(thing, SKOS.prefLabel))
    return sorted(str(label) for label in found if getattr(label, "language", None) == "en")


def _pick(chance: random.Random, values: Sequence[str]) -> str:
    weights = [*accumulate(1 / rank**MOST_COMMON for rank in range(1, len(values) + 1))]
    return chance.choices(values, cum_weights=weights)[0]


@click.command()
@click.argument("what", type=click.Choice(["documents", "graphs"]))
@click.argument("count", type=click.IntRange(1))
@click.option("--seed", default=0, show_default=True, help="Another seed gives other documents.")
def command(what: str, count: int, seed: int) -> None:
    """Write documents as JSON lines, or their graphs as N-Quads, to standard output."""
    if what == "documents":
        for record in documents(count, seed=seed):
            click.echo(json.dumps(record, ensure_ascii=False))
    else:
        for _, lines in quads(count, seed=seed):
            click.echo(b"".join(lines), nl=False)


if __name__ == "__main__":
    command()
