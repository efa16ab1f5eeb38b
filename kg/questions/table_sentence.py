"""Says in a sentence what the table of a catalogue question holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from kg.questions.undecided import NUMBERS

__all__ = ["sentence"]

# What a row tells first, whatever else it holds.
MAIN = ("topicLabel", "content", "participantLabel", "policyLabel", "personLabel", "otherLabel", "placeLabel")
ASIDE = frozenset(
    {"event", "date", "endDate", "issued", "account", "claimant", "document", "quote", "polarity"}
)
ASIDE |= {"side", "relation"}
LISTED = 6


def sentence(
    title: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]], caption: Callable[[str], str]
) -> str:
    """What a table says first, in a sentence: the first thing of each row, by account.

    Args:
        title: Of the question.
        columns: Names of the columns.
        rows: The rows.
        caption: Tells what an IRI is called.
    """
    number = next((name for name in NUMBERS if name in columns), None)
    main = _main(columns, number)
    events = {row["event"] for row in rows if row.get("event")}
    place = f", {caption(next(iter(events)))}" if len(events) == 1 else ""
    if main is None:
        return f"{title}{place}: {len(rows)} found."
    by_account: dict[str, list[str]] = {}
    for row in rows:
        said = _item(row, main, number, caption)
        by_account.setdefault(row.get("accountLabel", ""), []).append(said)
    parts = {account: _listed(items) for account, items in by_account.items()}
    if len(set(parts.values())) == 1:
        return f"{title}{place}: {next(iter(parts.values()))}."
    told = "; ".join(f"{account or 'no account'}: {items}" for account, items in sorted(parts.items()))
    return f"{title}{place}: {told}."


def _item(row: Mapping[str, str], main: str, number: str | None, caption: Callable[[str], str]) -> str:
    value = row[main] if "://" not in row[main] else caption(row[main])
    if main == "content":
        who = row.get("claimantLabel") or row.get("personLabel") or ""
        value = f"{who}: “{value}”" if who else f"“{value}”"
    return f"{value} ({row[number]})" if number and number != main else value


def _main(columns: Sequence[str], number: str | None) -> str | None:
    for name in MAIN:
        if name in columns:
            return name
    shown = [name for name in columns if name.removesuffix("Label") not in ASIDE and name != number]
    labels = [name for name in shown if name.endswith("Label")]
    return next(iter([*labels, *shown]), number)


def _listed(items: Iterable[str]) -> str:
    words = [*dict.fromkeys(item for item in items if item)]
    if len(words) > LISTED:
        return f"{', '.join(words[:LISTED])} and {len(words) - LISTED} more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nothing"
