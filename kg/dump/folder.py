"""Writes a dump into a folder: every format, a description, checksums."""

from collections.abc import Iterable
from gzip import GzipFile
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.dump.description import Distribution, describe
from kg.dump.formats import FORMATS, dump
from kg.errors import InputError
from kg.store import Store

NAME = "uschina-kg"


def write_dump(
    store: Store, folder: Path, formats: Iterable[str] = tuple(FORMATS), *, gzip: bool = False
) -> list[Path]:
    """Write the whole store as `uschina-kg.SUFFIX`, with `void.ttl` and `SHA256SUMS`.

    The files are made in a hidden folder beside and moved in when all are whole, so nobody sees half of one.
    The same graph gives the same bytes.

    Args:
        store: What to dump; it must not change meanwhile, which a reader on disk sees to.
        folder: Where to; made if it is missing. Files of the same names are replaced, others left alone.
        formats: Keys of `FORMATS`.
        gzip: Whether to compress the data files.

    Returns:
        The files, sorted.

    Raises:
        InputError: the folder cannot be written, or as in `dump`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=f".{NAME}-") as unfinished:
            _write_all(store, Path(unfinished), sorted(set(formats)), gzip)
            files = sorted(Path(unfinished).iterdir())
            return [file.replace(folder / file.name) for file in files]
    except OSError as error:
        raise InputError(f"cannot write the dump to {folder}: {error.strerror or error}") from error


def _write_all(store: Store, folder: Path, formats: Iterable[str], gzip: bool) -> None:
    distributions = [_write(store, folder, format, gzip) for format in formats]
    void = folder / "void.ttl"
    void.write_bytes(describe(store, distributions))
    sums = {file.name: file.sha256 for file in distributions} | {void.name: _sha256(void)}
    lines = (f"{sums[name]}  {name}\n" for name in sorted(sums))
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def _write(store: Store, folder: Path, format: str, gzip: bool) -> Distribution:
    pieces = dump(store, format)
    path = folder / f"{NAME}.{FORMATS[format].suffix}{'.gz' if gzip else ''}"
    with path.open("wb") as file:
        if gzip:  # without name and time, which would differ from run to run
            with GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                packed.writelines(pieces)
        else:
            file.writelines(pieces)
    return Distribution(path.name, FORMATS[format].media_type, path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
