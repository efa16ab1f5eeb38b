"""`kg candidates --events`: events that may be one, for a person to decide."""

import json
from collections.abc import Callable
from dataclasses import asdict

import click

from kg import entities, ingest, merges
from kg.cli import output
from kg.merges import Candidate
from kg.search import open_indexed
from kg.store import Store, open_store

__all__ = ["Pair", "decide_and_list"]

Pair = tuple[str, str]


def decide_and_list(
    accepted: list[Pair], rejected: list[Pair], store_url: str, by: ingest.Signature, *, as_json: bool
) -> None:
    """Decide on pairs of events, then print those on which nobody has decided yet.

    Args:
        accepted: Pairs that are one event, each by two paths or IRIs.
        rejected: Pairs that are two events.
        store_url: The store.
        by: Whose reviews these are.
        as_json: Print JSON.

    Raises:
        InputError: it is not open whether a pair is one event; those before it are decided.
    """
    is_writing = bool(accepted or rejected)
    with open_indexed(store_url) if is_writing else open_store(store_url) as store:
        _decide(accepted, ingest.accept, store, by)
        _decide(rejected, ingest.reject, store, by)
        found = merges.candidates(store)
    if as_json:
        click.echo(json.dumps([asdict(it) for it in found], ensure_ascii=False, indent=1))
    elif found:
        output.table(("event", "may be", "why"), [row for it in found for row in _rows(it)])
    else:
        click.echo("no two events wait for a decision")


def _decide(
    pairs: list[Pair],
    decision: Callable[[str, str, Store, ingest.Signature], None],
    store: Store,
    by: ingest.Signature,
) -> None:
    for one, other in pairs:
        decision(entities.find_event(one, store), entities.find_event(other, store), store, by)


def _rows(it: Candidate) -> list[tuple[str, str, str]]:
    """A line of names, and one of the paths by which a decision names the two."""
    return [(it.name, it.other_name, it.reason), (output.short(it.event), output.short(it.other), "")]
