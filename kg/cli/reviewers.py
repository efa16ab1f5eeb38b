"""`kg reviewers`: who may review over HTTP."""

from pathlib import Path

import click

from kg.cli import options
from kg.errors import InputError
from kg.review.reviewers import Reviewers
from kg.settings import settings


@click.group()
def command() -> None:
    """Say who may review over HTTP, at the page /review and by the REST interface.

    The setting `reviewers` (KG_REVIEWERS) names the file in which they are kept; without it nobody may.

    \b
    export KG_REVIEWERS=~/reviewers.json
    kg reviewers add anna
    kg reviewers list
    """


@command.command()
@click.argument("name")
@options.verbose
def add(name: str) -> None:
    """Let NAME review, and print the secret to be given to that person; it is kept nowhere.

    Who is there already gets a new secret, and the old one is of no use any more.

    \b
    kg reviewers add anna
    """
    click.echo(Reviewers.read(_file()).add(name))


@command.command("list")
@options.verbose
def list_names() -> None:
    """List the names of those who may review.

    \b
    kg reviewers list
    """
    for name in Reviewers.read(_file()).names:
        click.echo(name)


@command.command()
@click.argument("name")
@options.verbose
def remove(name: str) -> None:
    """Let NAME review no more; what was reviewed stays.

    \b
    kg reviewers remove anna
    """
    Reviewers.read(_file()).remove(name)
    click.echo(f"removed {name}")


def _file() -> Path:
    chosen = settings().reviewers
    if chosen is None:
        raise InputError("nobody may review here; name a file with the setting `reviewers` (KG_REVIEWERS)")
    return chosen.expanduser()
