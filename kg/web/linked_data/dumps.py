"""`/dumps/`: the whole graph as files with stable names and checksums, made in the background."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kg.dump import FORMATS, catalogue, convert
from kg.errors import BusyError, NotFoundError
from kg.query_pool.sandbox import python
from kg.settings import Settings
from kg.web.html.render import page
from kg.web.http.negotiation import choose
from kg.web.http.problems import documented

__all__ = ["router"]

_LOG = logging.getLogger(__name__)
_DESCRIPTION, _SUMS = "void.ttl", "SHA256SUMS"
_TYPES = {f".{it.suffix}.gz": "application/gzip" for it in FORMATS.values()} | {".ttl": "text/turtle"}
_RDF = {FORMATS[name].media_type: name for name in ("turtle", "jsonld", "ntriples", "rdfxml")}
_AT_FIRST = 2.0  # seconds that the first who asks is made to wait; for a small store they are enough
_NICE = 10  # whoever waits for an answer comes first
_REST = 10  # how many times as long as making them takes, dumps are left alone
_UNKNOWN = 3600.0  # seconds after which those of a store that does not tell its state are made anew


class Dumps:
    """The newest dump of a store: a folder that is replaced as a whole when the store has moved on.

    A process of its own makes it, so that nobody who asks other things meanwhile has to wait.
    """

    def __init__(self, options: Settings) -> None:
        self._url = options.store
        self._is_ours = options.dumps is None
        self._place = options.dumps or Path(mkdtemp(prefix="uschina-kg-dumps-"))
        self._current: Path | None = next(iter(sorted(self._place.glob("dump-*"))), None)
        self._making: asyncio.Task[None] | None = None
        self._due = 0.0

    async def folder(self, version: str | None) -> Path:
        """The files of a state of the store, or of the one before while those are being made.

        Raises:
            BusyError: the first ones are not made yet.
        """
        stamp = int(time.time() / _UNKNOWN) if version is None else version
        target = self._place / f"dump-{sha256(f'{self._url} {stamp}'.encode()).hexdigest()[:16]}"
        if self._current != target and not self._is_making and time.monotonic() >= self._due:
            self._making = asyncio.create_task(self._make(target))
        if self._current is None and self._making is not None:
            await asyncio.wait([self._making], timeout=_AT_FIRST)
        if self._current is None:
            raise BusyError("the dumps are being made; try again in a moment")
        return self._current

    @property
    def newest(self) -> Path | None:
        """The files that there are, whatever they are of."""
        return self._current

    @property
    def _is_making(self) -> bool:
        return self._making is not None and not self._making.done()

    async def _make(self, target: Path) -> None:
        unfinished, began = target.with_name(f".{target.name}"), time.monotonic()
        rmtree(unfinished, ignore_errors=True)
        wanted = ("dump", "--quiet", "--gzip", "--store", self._url, "--output", str(unfinished))
        maker = await asyncio.create_subprocess_exec(
            *python("kg", *wanted), stderr=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
        )
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, maker.pid, _NICE)
        try:
            _, complaint = await maker.communicate()
        finally:
            with suppress(ProcessLookupError):
                maker.kill()
        self._due = time.monotonic() + _REST * (time.monotonic() - began)
        if maker.returncode:
            _LOG.error("the dumps cannot be made: %s", complaint.decode(errors="replace").strip())
            rmtree(unfinished, ignore_errors=True)
        else:
            self._replace(unfinished, target)

    def _replace(self, unfinished: Path, target: Path) -> None:
        rmtree(target, ignore_errors=True)
        unfinished.rename(target)
        before, self._current = self._current, target
        if before is not None and before != target:  # whoever reads one of its files goes on reading
            rmtree(before, ignore_errors=True)

    async def close(self) -> None:
        """Stop what is being made."""
        if self._making is not None and not self._making.done():
            self._making.cancel()
            await asyncio.wait([self._making])
        if self._is_ours:
            rmtree(self._place, ignore_errors=True)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if isinstance(held := getattr(app.state, "dumps", None), Dumps):
            await held.close()


router = APIRouter(tags=["dumps"], lifespan=_lifespan)


@router.get("/dumps/", summary="The dumps", response_class=Response,
            responses={200: {"content": {"text/html": {}}}, **documented(503)})  # fmt: skip
async def index(request: Request) -> Response:
    """A page that lists the files with their sizes and checksums."""
    folder = await _folder(request)
    sums = dict(line.split()[::-1] for line in (folder / _SUMS).read_text(encoding="ascii").splitlines())
    files = [(path.name, path.stat().st_size, sums.get(path.name, "")) for path in sorted(folder.iterdir())]
    return await run_in_threadpool(page, request, "dumps.html", title="Dumps", files=files)


@router.get(
    "/dumps/{name}",
    summary="One file of the dumps",
    response_class=FileResponse,
    responses={
        200: {"content": {"application/gzip": {}, "text/turtle": {}, "text/plain": {}}},
        **documented(404, 503),
    },
)
async def file(request: Request, name: str) -> Response:
    """`uschina-kg.ttl.gz` and the like, `void.ttl`, `SHA256SUMS`; ranges and conditional requests work.

    The `ETag` is the checksum of the file.
    """
    folder = await _folder(request)
    if name not in {path.name for path in folder.iterdir()}:
        raise NotFoundError(f"there is no dump {name!r}; /dumps/ lists them")
    path = folder / name
    headers = {"etag": f'"{_checksum(folder, name)}"'}
    if _is_known(request, path):
        return Response(status_code=304, headers=headers)
    known = next((kind for suffix, kind in _TYPES.items() if name.endswith(suffix)), "text/plain")
    return FileResponse(path, media_type=known, headers=headers)


@router.get(
    "/.well-known/void",
    summary="Where the description of the dataset is",
    status_code=303,
    response_class=RedirectResponse,
)
def well_known(request: Request) -> RedirectResponse:
    """Leads to `/void`."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/void", 303)


@router.get(
    "/void",
    summary="The description of the dataset",
    response_class=Response,
    responses={200: {"content": {name: {"schema": {"type": "string"}} for name in _RDF}}, **documented(406)},
)
async def description(request: Request) -> Response:
    """VoID and DCAT: what is in the graph and how much, the files, the services that answer from it."""
    media_type = choose(request.headers.get("accept"), tuple(_RDF))
    with suppress(BusyError):  # what is known without the files is told meanwhile
        await _folder(request)
    newest = _dumps(request).newest
    described = None if newest is None else (newest / _DESCRIPTION).read_bytes()
    told = convert(
        catalogue(str(request.base_url), described, request.app.state.options.publisher), _RDF[media_type]
    )
    headers = {"vary": "Accept"} | ({"cache-control": "no-store"} if newest is None else {})
    return Response(told, media_type=media_type, headers=headers)


def _dumps(request: Request) -> Dumps:
    state = request.app.state
    if not isinstance(getattr(state, "dumps", None), Dumps):
        state.dumps = Dumps(state.options)
    dumps: Dumps = state.dumps
    return dumps


async def _folder(request: Request) -> Path:
    return await _dumps(request).folder(request.app.state.store.version)


def _checksum(folder: Path, name: str) -> str:
    lines = (folder / _SUMS).read_text(encoding="ascii").splitlines()
    sums = {known: value for value, known in (line.split() for line in lines)}
    return sums.get(name) or sha256((folder / name).read_bytes()).hexdigest()


def _is_known(request: Request, path: Path) -> bool:
    """Whether the client has the file already, as far as it goes by dates; tags are compared elsewhere."""
    since = request.headers.get("if-modified-since")
    if since is None or "if-none-match" in request.headers:
        return False
    try:
        return int(path.stat().st_mtime) <= parsedate_to_datetime(since).timestamp()
    except ValueError:
        return False
