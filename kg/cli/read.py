"""`kg read`: reads a whole corpus into files, on this machine or on a cluster."""

import json
import os
from dataclasses import asdict

import click

from kg import corpus
from kg.cli import options, output
from kg.cli.progress import watched
from kg.corpus import Corpus, DaskEngine, Engine, Folder, LocalEngine
from kg.settings import settings

_EXIT_CODES = {"refused": 1, "failed": 1, "unreadable": 2}


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|URL…")
@click.option("--out", required=True, metavar="FOLDER|URL", help="Where the parts go.")
@click.option(
    "--format",
    type=click.Choice([*corpus.FORMATS]),
    default="nquads",
    show_default=True,
    help="Of the parts.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Processes of this machine, or a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Dask cluster; without it, one is made on this machine.")
@click.option("--workers", type=click.IntRange(1), help="Processes that read; by default one a core.")
@click.option(
    "--part-size",
    type=click.IntRange(1),
    default=corpus.PART_SIZE,
    show_default=True,
    help="Bytes of input from which on a part is full.",
)
@click.option("--follow-links", is_flag=True, help="Follow symbolic links in folders, wherever they lead.")
@options.json_output
@options.quiet
@options.verbose
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    out: str,
    format: str,
    engine: str,
    scheduler: str | None,
    workers: int | None,
    part_size: int,
    follow_links: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Read a corpus into files of checked and reasoned-over quads, for `kg bulk-load` or any other tool.

    Text, Markdown, HTML, PDF, feeds, JSON and Parquet, from paths or from URLs that fsspec knows. What
    was read before is kept: run it again after a stop, or after files were added. Documents that fail stand
    in rejects.jsonl with the reason. Exit code 1: a document was refused; 2: one could not be read.

    \b
    kg read ~/corpus --out parts
    kg read s3://bucket/news --out s3://bucket/parts --engine dask --scheduler tcp://head:8786
    """
    found = corpus.read_corpus(
        sources,
        Folder(out, format),
        max_bytes=settings().max_bytes,
        part_size=part_size,
        follow_links=follow_links,
    )
    running = corpus.run(found, _engine(engine, scheduler, workers or os.cpu_count() or 1))
    for done in watched(running, "Reading", len(found.waiting), silent=quiet or as_json):
        if as_json:
            click.echo(json.dumps(asdict(done), ensure_ascii=False))
    parts, rejects = corpus.summary(found)
    if not (quiet or as_json):
        _show(found, parts, rejects)
    lost = [it for it in found.skipped if it.is_loss]
    context.exit(max((_EXIT_CODES[reject.status] for reject in rejects), default=2 if lost else 0))


def _engine(name: str, scheduler: str | None, workers: int) -> Engine:
    return DaskEngine(scheduler, workers) if name == "dask" else LocalEngine(workers)


def _show(found: Corpus, parts: list[corpus.PartDone], rejects: list[corpus.Reject]) -> None:
    for it in found.skipped:
        if it.is_loss:
            click.echo(f"kg: {it.path}: {it.reason}", err=True)
    for reject in rejects[:5]:
        click.echo(f"kg: {reject.problem}", err=True)
    output.table(
        ("what", "number"),
        [
            ("parts", str(len(parts))),
            ("parts kept from before", str(len(found.done))),
            ("documents", str(sum(len(part.documents) - len(part.without) for part in parts))),
            ("rejected", str(len(rejects))),
            ("files skipped", str(len(found.skipped))),
            ("words", str(sum(part.words for part in parts))),
            ("triples", str(sum(part.triples for part in parts))),
        ],
    )
