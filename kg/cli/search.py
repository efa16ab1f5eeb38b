"""`kg search`: finds words in the texts of all documents."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click
from rich.text import Text

from kg import entities
from kg.cli import options, output
from kg.lexicon import Lexicon
from kg.search import FACETS, Filters, Found, Hit, Passage, Search, Widening
from kg.store import Store, open_store
from kg.terms import BASE
from kg.views.hidden_characters import plain

_SIDES = {"us": "UnitedStatesAccount", "china": "ChinaAccount", "third": "ThirdPartyAccount"}
_VALUES = 6  # of a facet, or names of a word, that are shown
_KINDS = {"speaker": "agent", "topic": "topic", "publisher": "agent"}


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--side", type=click.Choice([*_SIDES]), help="Whose account a passage is.")
@click.option("--speaker", metavar="NAME", help="Who says something in the passage.")
@click.option("--topic", metavar="NAME", help="What the passage is about; topics below it count.")
@click.option("--kind", metavar="KIND", help="Kind of document, such as Readout or Transcript.")
@click.option("--year", metavar="YYYY", help="Year of publication.")
@click.option("--publisher", metavar="NAME", help="Who published the document.")
@click.option(
    "--widen/--exact",
    default=None,
    help="Search for other names of what is named as well, or never. By default only if nothing is found.",
)
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="Most documents.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Which part of the list.")
@options.json_output
@options.store
@options.verbose
def command(
    words: tuple[str, ...],
    widen: bool | None,
    limit: int,
    page: int,
    as_json: bool,
    store_url: str,
    **narrowed: str | None,
) -> None:
    """Find the documents that have all of some words, and the passages where they stand.

    English is found by its stems, Chinese by its characters, in simplified or traditional script. Words in
    quotation marks stand next to each other; after `--`, -WORD leaves out what has it. Below the passages
    stands what the list can be narrowed to. Exit code 1: nothing was found.

    \b
    kg search fringe separatists
    kg search '"rare earths"' --speaker "Xi Jinping" --year 2025
    kg search 台灣 --side china --json
    kg search -- tariffs -steel
    """
    with open_store(store_url) as store:
        search = Search(store, Lexicon.load())
        try:
            filters = _filters(narrowed, store)
            found = search.find(" ".join(words), filters, limit=limit, start=(page - 1) * limit, widen=widen)
        finally:
            search.close()
        if as_json:
            click.echo(json.dumps(asdict(found), ensure_ascii=False))
        else:
            _show(found, (page - 1) * limit)
    click.get_current_context().exit(0 if found.total else 1)


def _filters(narrowed: dict[str, str | None], store: Store) -> Filters:
    given = {name: value for name, value in narrowed.items() if value}
    for name, kind in _KINDS.items():
        if name in given:
            given[name] = entities.find(given[name], store, kind=kind)
    if "side" in given:
        given["side"] = _SIDES[given["side"]]
    if "kind" in given:
        given["kind"] = "".join(word.capitalize() for word in given["kind"].replace("-", " ").split())
    return Filters(**given)


def _show(found: Found, passed: int) -> None:
    screen, names = output.console(), Lexicon.load()
    for line in _remarks(found):
        click.echo(line, err=True)
    for hit in found.hits:
        screen.print(_heading(hit, names))
        for passage in hit.passages:
            screen.print(_passage(passage, names))
        if hit.more:
            screen.print(Text(f"  and {hit.more} more passages", style="dim"))
        screen.print()
    if found.hits:
        first, last = passed + 1, passed + len(found.hits)
        click.echo(f"{first}–{last} of {found.total} documents")
        output.table(("narrow by", "", ""), [*_facets(found, names)])


def _remarks(found: Found) -> Iterator[str]:
    if not found.is_complete:
        yield "The index is being made; there may be more."
    if found.unused:
        yield f"Not searched for: {plain(found.unused)}"
    for it in found.widened:
        yield f"Also searched for: {_named(it)}"
    if not found.total:
        yield "nothing was found"
    for it in found.offered:
        yield f"--widen would also search for: {_named(it)}"


def _named(it: Widening) -> str:
    more = f" and {len(it.names) - _VALUES} more" if len(it.names) > _VALUES else ""
    return f"{', '.join(it.names[:_VALUES])}{more} (for {plain(it.word)})"


def _heading(hit: Hit, names: Lexicon) -> Text:
    publisher = names.label(hit.publisher) if hit.publisher else ""
    told = ", ".join(filter(None, (hit.kind, publisher, hit.issued)))
    heading = Text(plain(hit.title), style="bold")
    return heading.append(f"  {plain(told)}  {output.short(hit.document)}", style="not bold dim")


def _passage(it: Passage, names: Lexicon) -> Text:
    shown = Text("  ")
    at = it.start
    for start, end in it.lit:
        shown.append(_line(it.text[at - it.start : start - it.start]))
        shown.append(_line(it.text[start - it.start : end - it.start]), style="bold underline")
        at = end
    shown.append(_line(it.text[at - it.start :]))
    speakers = f" {', '.join(map(names.label, it.speakers))}" if it.speakers else ""
    return shown.append(f"  [{it.start}-{it.end}]{speakers}", style="dim")


def _line(text: str) -> str:
    return plain(" ".join(text.split()) if text.strip() else " ") if "\n" in text else plain(text)


def _facets(found: Found, names: Lexicon) -> Iterator[tuple[str, str, str]]:
    for name in FACETS:
        for place, it in enumerate(found.facets.get(name, ())[:_VALUES]):
            value = names.label(it.value) if it.value.startswith(BASE) else it.value
            yield f"--{name}" if place == 0 else "", value, str(it.number)
