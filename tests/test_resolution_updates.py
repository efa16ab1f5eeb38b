"""Events of mentions that come one by one are those of all at once."""

import random

import pytest

from kg.resolution import Mention, Resolver
from kg.resolution.mention import Party

NAMED = {"united-states": ("joseph-biden", "antony-blinken"), "china": ("xi-jinping", "wang-yi")}
PLACES = ("bali", "geneva", "beijing")


def mentions(seed: int) -> dict[str, tuple[Mention, ...]]:
    """What documents tell of meetings within a year, half of them without a day."""
    chance = random.Random(seed)
    found = {}
    for number in range(60):
        issued = f"2022-{chance.randint(3, 8):02}-{chance.randint(1, 28):02}"
        start = chance.choice((issued, issued, issued[:7], "2022", "", ""))
        parties = {
            country: Party(principals=(chance.choice(names),) if chance.random() < 0.7 else ())
            for country, names in NAMED.items()
        }
        name = f"https://w3id.org/uschina-kg/id/meeting/d{number}.0"
        found[f"d{number}"] = (
            Mention(
                f"d{number}", name, name, "meeting",
                start=start,
                basis=chance.choice(("Stated", "DayOfPublication")) if len(start) == 10 else "",
                parties=parties,
                places=tuple(chance.sample(PLACES, chance.randint(0, 1))),
                status=chance.choice(("Occurred", "Occurred", "Planned")),
                account=chance.choice(("us", "cn", "")),
                issued=issued,
                source="Readout",
            ),
        )  # fmt: skip
    return found


def told(resolver: Resolver) -> list[object]:
    return sorted(
        (it.iri, it.start, it.end, it.document, sorted(it.group.names), sorted(it.reasons.items()), it.doubts)
        for it in resolver
    )


@pytest.mark.parametrize("seed", range(8))
def test_events_do_not_depend_on_how_mentions_came(seed: int) -> None:
    all_of_them = mentions(seed)
    at_once = Resolver()
    at_once.update(all_of_them)
    assert any(it.reasons for it in at_once)
    chance = random.Random(seed)
    ids = chance.sample([*all_of_them], len(all_of_them))
    one_by_one = Resolver()
    for id in ids:
        one_by_one.update({id: all_of_them[id]})
    assert told(one_by_one) == told(at_once)
    for id in ids[:20]:
        one_by_one.update({id: ()})
    without = Resolver()
    without.update({id: its for id, its in all_of_them.items() if id not in ids[:20]})
    assert told(one_by_one) == told(without)
    one_by_one.update({id: all_of_them[id] for id in ids[:20]})
    assert told(one_by_one) == told(at_once)
