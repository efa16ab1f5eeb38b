"""`kg candidates`: names that the reference data lack, and events that may be one, for a person to review."""

import csv
import getpass
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from kg import ingest, read
from kg.cli import options, output, progress
from kg.cli.event_candidates import Pair, decide_and_list
from kg.errors import InputError, RefusedError
from kg.extract.candidates import Candidate, gather, sightings, turtle
from kg.ingest import stored_documents
from kg.lexicon import Lexicon
from kg.model import Document
from kg.review import now
from kg.settings import settings
from kg.store import open_store

FORMATS = ("table", "csv", "json", "turtle")
_COLUMNS = ("name", "may be", "count", "documents", "document", "passage", "resembles")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="[FILE|FOLDER…]")
@click.option("-f", "--format", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option(
    "--turtle", "as_turtle", is_flag=True, help="Print lines for a file of the overlay; as -f turtle."
)
@click.option("--least", default=1, show_default=True, type=click.IntRange(1), metavar="N",
              help="Leave out what fewer documents name.")  # fmt: skip
@click.option("--events", is_flag=True, help="List events of the store that may be one instead.")
@click.option("--accept", "accepted", nargs=2, multiple=True, metavar="EVENT OTHER",
              help="With --events: say that these two are one event; can be repeated.")  # fmt: skip
@click.option("--reject", "rejected", nargs=2, multiple=True, metavar="EVENT OTHER",
              help="With --events: say that these are two events; can be repeated.")  # fmt: skip
@click.option("--as", "reviewer", metavar="NAME", default=getpass.getuser,
              help="With --accept and --reject: who decides.  [default: the user]")  # fmt: skip
@options.json_output
@options.quiet
@options.store
@options.verbose
def command(
    paths: tuple[Path, ...], format: str, as_turtle: bool, least: int, events: bool,
    accepted: tuple[Pair, ...], rejected: tuple[Pair, ...], reviewer: str, as_json: bool,
    quiet: bool, store_url: str,
) -> None:  # fmt: skip
    """List people and organizations that documents name and the reference data do not know.

    Reads the given documents or, without any, those in the store. Nothing is linked or stored: until
    somebody adds a name to the reference data, each document keeps an entity of its own for it. --turtle
    prints entries to look through, correct and put into OVERLAY/ontology/NAME.ttl (setting `overlay`).

    --events lists pairs of stored events that may be one, each with the reason. While a pair is open, no
    answer counts on it; --accept and --reject decide for good. `kg explain-merge` takes a decision back.

    \b
    kg candidates report.txt
    kg candidates --least 2                            of all stored documents
    kg candidates readouts --turtle > names.ttl
    kg candidates --events
    kg candidates --events --accept meeting/2025-10-30-donald-trump-xi-jinping meeting/2025-11-02-note.120
    """
    if events:
        if paths or as_turtle or format not in ("table", "json"):
            raise InputError("--events takes no files, and prints a table or JSON")
        by = ingest.Signature(reviewer, now())
        return decide_and_list([*accepted], [*rejected], store_url, by, as_json=as_json or format == "json")
    if accepted or rejected:
        raise InputError("--accept and --reject decide on events; give --events too")
    lexicon = Lexicon.load()
    problems: list[str] = []
    documents = _documents(paths, store_url, problems, silent=quiet or as_json)
    found = [c for c in gather(sightings(documents, lexicon), lexicon) if len(c.sightings) >= least]
    _print(found, "turtle" if as_turtle else "json" if as_json else format)
    if problems:
        raise RefusedError("\n".join(problems))


def _documents(
    paths: tuple[Path, ...], store_url: str, problems: list[str], *, silent: bool
) -> Iterator[Document]:
    """The documents of files, or of the store if none is given; files that cannot be read are noted."""
    if not paths:
        with open_store(store_url) as store:
            yield from stored_documents(store)
        return
    files = [*read.find(paths, skipped=lambda it: problems.append(f"{it.path}: {it.reason}"))]
    for file in progress.watched(files, "Reading", len(files), silent=silent):
        for found in read.each(file, max_bytes=settings().max_bytes):
            if isinstance(found, Document):
                yield found
            else:
                problems.append(str(found))


def _print(found: Iterable[Candidate], format: str) -> None:
    if format == "json":
        click.echo(json.dumps([_fields(candidate) for candidate in found], ensure_ascii=False, indent=1))
    elif format == "turtle":
        click.echo(turtle(found), nl=False)
    elif format == "csv":
        csv.writer(sys.stdout).writerows(
            [_COLUMNS, *(row for candidate in found for row in _rows(candidate))]
        )
    else:
        output.table(_COLUMNS, [row for candidate in found for row in _unrepeated(_rows(candidate))])


def _rows(candidate: Candidate) -> Iterator[tuple[str, ...]]:
    """A line for each document that names it."""
    resembles = ", ".join(output.short(entry.iri) for entry in candidate.resembles)
    counts = (str(candidate.count), str(len(candidate.sightings)))
    for place in candidate.sightings:
        yield (candidate.name, candidate.kind, *counts, place.document, place.context, resembles)


def _unrepeated(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The lines of one name; what they share stands in the first only."""
    for number, row in enumerate(rows):
        yield row if number == 0 else ("", "", "", "", row[4], row[5], "")


def _fields(candidate: Candidate) -> dict[str, object]:
    return {
        "name": candidate.name,
        "kind": candidate.kind,
        "count": candidate.count,
        "resembles": [entry.iri for entry in candidate.resembles],
        "documents": [
            {"document": place.document, **asdict(place.passage), "context": place.context}
            for place in candidate.sightings
        ],
    }
