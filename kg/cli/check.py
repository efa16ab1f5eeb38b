"""`kg check`: whether the store is sound."""

import json
from collections import Counter
from dataclasses import asdict

import click

from kg import ingest, maintenance
from kg.cli import options
from kg.cli.progress import watched


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@click.option("--quick", is_flag=True, help="Leave out answers that are kept.")
@click.option("--deep", is_flag=True, help="Compare the engine's indexes with one another; takes long.")
@options.json_output
@options.quiet
@options.store
@options.verbose
@click.pass_context
def command(
    context: click.Context,
    repair: bool,
    quick: bool,
    deep: bool,
    as_json: bool,
    quiet: bool,
    store_url: str,
) -> None:
    """Check that what is stored agrees with itself, and repair it.

    Every file of the engine is compared with what was written; the union with the graphs of the documents;
    every citation with its text; what follows from a document with what is stored as following; answers that
    are kept with those of today; the index of texts with the texts. Without --repair nothing is changed, and
    a server may go on.

    Exit code 0: sound, or mended; 1: something is wrong; 3: the store cannot be opened.

    \b
    kg check
    kg check --repair --json
    """
    open_ones, old = 0, 0
    told: Counter[str] = Counter()
    for stage in maintenance.stages(store_url, ingest.Pipeline(), repair=repair, quick=quick, deep=deep):
        for found in watched(stage.steps(), stage.title, None, silent=quiet or as_json):
            if found is None:
                continue
            told[found.kind] += 1
            open_ones += found.is_damage and not found.repaired
            old += not found.is_damage
            if as_json:
                click.echo(json.dumps(asdict(found), ensure_ascii=False))
            elif found.is_damage:
                state = " (repaired)" if found.repaired else ""
                where = f"{found.document}: " if found.document else ""
                click.echo(f"kg: {found.kind}: {where}{found.problem}{state}", err=True)
    if not (quiet or as_json):
        _sum_up(told, open_ones, old, repair)
    context.exit(1 if open_ones else 0)


def _sum_up(told: Counter[str], open_ones: int, old: int, repair: bool) -> None:
    damage = sum(told.values()) - old
    if old:
        click.echo(f"{old} documents were read under another ontology or other rules: kg rebuild")
    if not damage:
        click.echo("the store is sound")
    elif not open_ones:
        click.echo(f"{damage} problems, all repaired")
    else:
        click.echo(
            f"{open_ones} problems" + ("" if repair else "; kg check --repair mends what can be mended")
        )
