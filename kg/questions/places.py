"""Which places lie in which: “in China” holds what was in Beijing, and who says Lima need not say Peru."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from kg import resources
from kg.terms import BASE

__all__ = ["PLACE", "narrowest", "surroundings"]

PLACE = f"{BASE}id/place/"


@cache
def surroundings() -> Mapping[str, frozenset[str]]:
    """The slugs of all places in which each place lies."""
    data = yaml.load((Path(__file__).parent / "places.yaml").read_text(encoding="utf-8"), resources.YAML)
    above: dict[str, set[str]] = {}
    for wider, inner in data.items():
        for slug in inner.split():
            above.setdefault(slug, set()).add(wider)

    def all_above(slug: str) -> set[str]:
        return above.get(slug, set()).union(*(all_above(it) for it in above.get(slug, ())))

    return {slug: frozenset(all_above(slug)) for slug in above}


def narrowest(places: Iterable[str]) -> list[str]:
    """The places in which none of the others lies, in order."""
    listed = sorted(places)
    wider = {slug for iri in listed for slug in surroundings().get(iri.removeprefix(PLACE), ())}
    return [iri for iri in listed if iri.rsplit("/", 1)[-1] not in wider]
