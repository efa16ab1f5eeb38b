"""Runs the measurements and writes BENCHMARKS.md: `python -m benchmarks --help`, or `make bench`."""

import os
import platform
from pathlib import Path

import click

from benchmarks import reading, steps, stores

ROOT = Path(__file__).parents[1]
_PARTS = ("reading", "steps", "stores")
_MARK = "<!-- below: python -m benchmarks -->"


@click.command()
@click.option("--documents", default=200, show_default=True, help="Documents that are read.")
@click.option("--corpus", default=1500, show_default=True, help="Documents that one and two workers read.")
@click.option("--sizes", default="1000,10000", show_default=True, help="Documents in the store, with commas.")
@click.option("--only", multiple=True, type=click.Choice(_PARTS), help="Leave out the other parts.")
@click.option("--write", is_flag=True, help="Put the tables into BENCHMARKS.md, and draw growth.svg.")
def command(documents: int, corpus: int, sizes: str, only: tuple[str, ...], write: bool) -> None:
    """Measure reading, the steps after it, and stores of several sizes."""
    parts = [f"Machine: {_machine()}\n"]
    if "reading" in (only or _PARTS):
        parts.append(_told(reading.report(documents, max(documents, corpus))))
    if "steps" in (only or _PARTS):
        parts.append(_told(steps.report(min(documents, 100))))
    if "stores" in (only or _PARTS):
        measured: list[stores.Measured] = []
        for size in sizes.split(","):
            measured.append(stores.measure(int(size)))
            _told(stores.report(measured[-1:]))
        parts.append(stores.report(measured))
        if write:
            stores.plot(measured, ROOT / "benchmarks" / "growth.svg")
    text = "\n".join(parts)
    click.echo(text)
    if write:
        file = ROOT / "BENCHMARKS.md"
        head = file.read_text(encoding="utf-8").partition(_MARK)[0]
        file.write_text(f"{head}{_MARK}\n\n{text}", encoding="utf-8")


def _told(part: str) -> str:
    """A part of the report, told at once too, as the rest takes its time."""
    click.echo(part, err=True)
    return part


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return f"{os.cpu_count()} cores, {memory} GiB, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    command()
