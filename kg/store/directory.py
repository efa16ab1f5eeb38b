"""Where a store lies on disk, and who may touch which part of it.

    PATH/format          marks the folder as ours
    PATH/lock            held by the one process that writes; holds its process id
    PATH/live/           the engine's database, opened by the writer alone
    PATH/digests.json    SHA-256 of the engine's files of quads, which never change once they are written
    PATH/history.jsonl   which graphs the last writes changed
    PATH/search.sqlite   the index of texts, which is not ours to write
    PATH/origins.sqlite  which file each document was loaded from, for the writer alone
    PATH/loading.nq      there while its quads are loaded in bulk, which is no transaction of the engine
    PATH/dirty           there while `live` may hold something that no checkpoint has
    PATH/checkpoints/N/  frozen copies (hard links); a reader holds a shared lock on N/readers
    PATH/current         the number of the newest checkpoint

A lock is the kernel's (`flock`), so it ends with the process that held it, however that process ended.
"""

import fcntl
import json
import os
import shutil
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from kg.errors import NoSpaceError, StoreError
from kg.store.error_messages import is_full
from kg.store.history import History, revision_of

LAYOUT = "1"
_FOREIGN_BUT_HARMLESS = {"lost+found"}  # a fresh volume has it
_CHUNK = 1 << 20
_ATTEMPTS = 10
_PAUSE = 0.02  # seconds between two tries to become the writer


class Lease:
    """A lock on a file, held until it is released or the last one who knows it is gone."""

    def __init__(self, path: Path, flags: int, operation: int) -> None:
        """Open the file and lock it.

        Raises:
            BlockingIOError: somebody else holds it.
            OSError: the file cannot be opened.
        """
        self.descriptor = os.open(path, flags, 0o644)
        self.release = weakref.finalize(self, os.close, self.descriptor)
        try:
            fcntl.flock(self.descriptor, operation)
        except BlockingIOError:
            self.release()
            raise

    def is_on(self, path: Path) -> bool:
        """Whether the locked file still stands at `path`."""
        try:
            return os.path.samestat(os.fstat(self.descriptor), path.stat())
        except FileNotFoundError:
            return False


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A frozen copy that stays as long as the lease is held."""

    path: Path
    lease: Lease


class StoreDirectory:
    """The folder of one store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.live = path / "live"
        self.loading = path / "loading.nq"
        self.history = History(path / "history.jsonl")
        self._format = path / "format"
        self._digests = path / "digests.json"
        self._lock = path / "lock"
        self._dirty = path / "dirty"
        self._current = path / "current"
        self._checkpoints = path / "checkpoints"

    def claim(self, patience: float = 0) -> Lease:
        """Make the folder if need be and become its only writer.

        Args:
            patience: Seconds to wait for another writer to end; readers are writers for an instant when they
                finish what a killed one left.

        Raises:
            StoreError: the folder is somebody else's, cannot be written, or has a writer already.
        """
        with self.explained("cannot write the store"):
            self._prepare()
            lease = self._locked(time.monotonic() + patience)
            os.ftruncate(lease.descriptor, 0)
            os.write(lease.descriptor, f"{os.getpid()}\n".encode())
            return lease

    def _locked(self, until: float) -> Lease:
        while True:
            try:
                return Lease(self._lock, os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    writer = self._lock.read_text().strip() or "unknown"
                    raise StoreError(
                        f"another process ({writer}) is writing the store at {self.path}; "
                        "try again when it has finished"
                    ) from error
                time.sleep(_PAUSE)

    def _prepare(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.check_is_ours()
        if not self._format.exists():
            _write_whole(self._format, LAYOUT)
        self._checkpoints.mkdir(exist_ok=True)

    def check_is_ours(self) -> None:
        """Refuse a folder that holds something else, or a store of another version.

        Raises:
            StoreError: it does.
        """
        if self._format.exists():
            if (found := self._format.read_text().strip()) != LAYOUT:
                raise StoreError(
                    f"the store at {self.path} has layout {found!r}; this version reads {LAYOUT!r}"
                )
        elif any(entry.name not in _FOREIGN_BUT_HARMLESS | {"format.new"} for entry in self.path.iterdir()):
            raise StoreError(f"{self.path} holds something that is no store of ours; name an empty folder")

    @property
    def is_dirty(self) -> bool:
        """Whether the live database may hold something that no checkpoint has."""
        return self._dirty.exists()

    def mark_dirty(self) -> None:
        """Note that a write is about to come."""
        with self.explained("cannot write the store"):
            self._dirty.touch()

    def finish_laying_anew(self) -> None:
        """Put a database in place that was laid anew, if its process was killed just before it did."""
        new = self.live.with_name("live.new")
        if not self.live.exists() and new.exists():
            new.rename(self.live)

    def note_loading(self, quads: Path) -> None:
        """Keep a copy of what is about to be loaded, so that whoever comes after a kill can finish it."""
        new = self.loading.with_suffix(".new")
        with quads.open("rb") as source, new.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
            target.flush()
            os.fsync(target.fileno())
        new.replace(self.loading)

    def next_checkpoint(self) -> Path:
        """Where the engine shall put its next copy; `publish` then makes it the current one."""
        numbers = [int(path.name) for path in self._checkpoints.iterdir() if path.name.isdigit()]
        target = self._checkpoints / f"{max(numbers, default=0) + 1}.new"
        shutil.rmtree(target, ignore_errors=True)  # what a killed writer left
        return target

    def publish(self, copy: Path, graphs: Iterable[str] | None) -> None:
        """Make a finished copy the current checkpoint and drop the ones that no reader uses.

        Args:
            copy: Its folder.
            graphs: Those that changed since the last one; `None` if it is not known which.
        """
        self._note_digests(copy)
        (copy / "readers").touch()
        newest = self.newest()
        before = "" if newest is None or not newest.exists() else revision(newest)
        self.history.note(before, revision(copy), graphs)
        copy.rename(copy.with_suffix(""))
        _write_whole(self._current, copy.stem)
        self._dirty.unlink(missing_ok=True)
        self._prune(keep=copy.stem)

    def _note_digests(self, copy: Path) -> None:
        """Note what the files of a copy hold, of those that are new since the last one."""
        known = self._known_digests()
        files = sorted(copy.glob("*.sst"))
        found = {file.name: known.get(file.name) or _digest(file) for file in files}
        if found != known:
            _write_whole(self._digests, json.dumps(found, indent=1))

    def _known_digests(self) -> dict[str, str]:
        try:
            told: dict[str, str] = json.loads(self._digests.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return told

    def damaged_files(self) -> Iterator[str | None]:
        """The names of files of the newest checkpoint that are not as written; `None` for sound ones."""
        folder = self.newest()
        for name, digest in self._known_digests().items() if folder else ():
            assert folder is not None
            with self.explained("cannot read the store"):
                is_sound = (folder / name).exists() and _digest(folder / name) == digest
            yield None if is_sound else name

    def forget_digests(self) -> None:
        """Forget what files held, as the engine gives their names anew."""
        self._digests.unlink(missing_ok=True)

    def _prune(self, *, keep: str) -> None:
        for path in sorted(self._checkpoints.iterdir()):
            if path.suffix in (".new", ".old") and path.stem.isdigit():
                shutil.rmtree(path)
            elif path.name.isdigit() and path.name != keep:
                _remove_unless_read(path)

    def newest(self) -> Path | None:
        """The current checkpoint, if one was ever made."""
        try:
            name = self._current.read_text().strip()
        except FileNotFoundError:
            return None
        except NotADirectoryError as error:
            raise StoreError(f"{self.path} is a file; a store is a folder") from error
        return self._checkpoints / name

    def stamp(self) -> tuple[int, int] | None:
        """Another one after each new checkpoint; `None` while `newest` has to be asked.

        One look at a file's dates, for those who ask before every query.
        """
        if os.path.exists(self._dirty):  # noqa: PTH110  # a third of the time of Path.exists
            return None
        try:
            found = os.stat(self._current)  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            return None
        return found.st_ino, found.st_mtime_ns

    def take(self) -> Checkpoint:
        """The current checkpoint, held against pruning.

        Raises:
            StoreError: there is none.
        """
        for _ in range(_ATTEMPTS):
            path = self.newest()
            if path is None:
                raise self._missing()
            try:
                lease = Lease(path / "readers", os.O_RDONLY, fcntl.LOCK_SH)
            except FileNotFoundError:
                continue  # pruned between the two steps: a newer one is there
            if lease.is_on(path / "readers"):
                return Checkpoint(path, lease)
            lease.release()
        raise self.damaged(f"the checkpoint {path} is gone")

    def _missing(self) -> StoreError:
        if self.path.is_dir():
            self.check_is_ours()
        if self.is_dirty:
            return StoreError(f"the first load into {self.path} has not finished; try again then")
        return StoreError(f"no store at {self.path}; load documents first with: kg load FILE…")

    def unusable(self, error: BaseException) -> StoreError:
        """The error for a store that the engine cannot open."""
        return NoSpaceError(f"the disk of {self.path}") if is_full(error) else self.damaged(error)

    def damaged(self, problem: object) -> StoreError:
        """The error for a store of which something is missing or wrong."""
        return StoreError(
            f"the store at {self.path} is damaged ({problem}); "
            "bring back a copy, or remove the folder and load the documents again"
        )

    @contextmanager
    def explained(self, what: str) -> Iterator[None]:
        """Turn what the operating system says into one clear line."""
        try:
            yield
        except OSError as error:
            if is_full(error):
                raise NoSpaceError(f"the disk of {self.path}") from error
            raise StoreError(f"{what} at {self.path}: {error.strerror or error}") from error


def revision(checkpoint: Path) -> str:
    """The name of the state that a checkpoint holds; later ones sort after earlier ones."""
    return revision_of((checkpoint / "readers").stat().st_mtime_ns)


def _remove_unless_read(path: Path) -> None:
    try:
        lease = Lease(path / "readers", os.O_RDONLY, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError):
        return
    # renamed first, so that a reader who waits for the lock sees that the checkpoint is gone
    doomed = path.rename(path.with_suffix(".old"))
    lease.release()
    shutil.rmtree(doomed)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _write_whole(path: Path, text: str) -> None:
    """Write a small file so that it is seen with its old or its new content, never between."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
