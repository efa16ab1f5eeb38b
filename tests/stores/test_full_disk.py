"""A full disk is told as what it is, harms nothing that is stored, and is over when there is room again."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import NoSpaceError, StoreError
from kg.store import open_store

EX = "http://example.org/"
_ENGINE = "IO error: No space left on device: While appending to file: live/MANIFEST-000025: No space left on device"


def _graph(number: int) -> dict[str, bytes]:
    lines = (f'<{EX}{number}/{it}> <{EX}p> "{it * 7919}" .\n' for it in range(500))
    return {f"{EX}g{number}": "".join(lines).encode()}


def _write(url: str, number: int) -> None:
    with open_store(url, write=True) as store:
        store.replace_graphs(_graph(number))


def _size(url: str) -> int:
    with open_store(url) as store:
        return store.size


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB; only where this process may mount one."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this process may not mount a disk")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def _fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(file, b"x" * 4096)
    except OSError:
        return ballast
    finally:
        os.close(file)


def test_disk_that_is_full_is_told_and_nothing_is_lost(small_disk: Path) -> None:
    url = f"oxigraph:{small_disk / 'store'}"
    _write(url, 0)
    ballast = _fill(small_disk)
    for _ in range(2):
        with pytest.raises(NoSpaceError, match=r"no space left .*make room"):
            _write(url, 1)
    assert _size(url) == 500
    ballast.unlink()
    _write(url, 1)
    assert _size(url) == 1000


def test_disk_that_gets_full_while_it_is_written_is_told(small_disk: Path) -> None:
    url = f"oxigraph:{small_disk / 'store'}"

    def fill() -> None:
        with open_store(url, write=True) as store:
            for number in range(1000):
                store.replace_graphs(_graph(number))

    with pytest.raises(NoSpaceError):
        fill()
    _fill(small_disk)
    with pytest.raises(NoSpaceError):  # and not that a load is under way
        _size(url)


class _Broken:
    """The engine, when a disk does not let it open a store; in memory it works."""

    def __init__(self, problem: Exception) -> None:
        self._problem, self._engine = problem, ox.Store

    def __call__(self, *places: object) -> ox.Store:
        if places:
            raise self._problem
        return self._engine()

    def read_only(self, _place: str) -> ox.Store:
        raise self._problem


@pytest.mark.parametrize(
    "problem",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Quota"),
        OSError(_ENGINE),
        RuntimeError(_ENGINE),
    ],
    ids=["disk", "quota", "engine", "words"],
)
def test_store_that_cannot_be_opened_for_lack_of_space_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    _write(url, 0)

    monkeypatch.setattr(ox, "Store", _Broken(problem))
    with pytest.raises(NoSpaceError, match="no space left"):
        open_store(url, write=True)
    with pytest.raises(NoSpaceError, match="no space left"):
        open_store(url)


def test_other_errors_of_the_disk_are_no_lack_of_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    _write(url, 0)
    monkeypatch.setattr(ox, "Store", _Broken(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(StoreError, match="is damaged") as raised:
        open_store(url, write=True)
    assert not isinstance(raised.value, NoSpaceError)
