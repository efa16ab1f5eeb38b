"""`/dumps/`: the whole graph as files with stable names and checksums, made in the background."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from kg.dump import FORMATS, write_dump
from kg.errors import BusyError, KgError, NotFoundError
from kg.store import open_store
from kg.web.pages.render import page
from kg.web.problems import documented

__all__ = ["router"]

_DESCRIPTION, _SUMS = "void.ttl", "SHA256SUMS"
_TYPES = {f".{it.suffix}.gz": "application/gzip" for it in FORMATS.values()} | {".ttl": "text/turtle"}


class Dumps:
    """The newest dump of a store; a folder that is replaced as a whole when the store has moved on."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._place = Path(mkdtemp(prefix="uschina-kg-dumps-"))
        self._current: tuple[str | None, Path] | None = None
        self._making: asyncio.Task[None] | None = None

    async def folder(self, version: str | None) -> Path:
        """The files of a state of the store, or of the one before while those are being made.

        Raises:
            BusyError: the first ones are not made yet.
        """
        if self._current is None or self._current[0] != version:
            if self._making is None or self._making.done():
                self._making = asyncio.create_task(asyncio.to_thread(self._make, version))
            if self._current is None:
                done, _ = await asyncio.wait([self._making], timeout=2)
                for task in done:
                    task.result()
        if self._current is None:
            raise BusyError("the dumps are being made; try again in a moment")
        return self._current[1]

    def _make(self, version: str | None) -> None:
        name = sha256(str(version).encode()).hexdigest()[:16]
        target = self._place / name
        with open_store(self._url) as store:
            write_dump(store, target, gzip=True)
        before, self._current = self._current, (version, target)
        if before is not None and before[1] != target:
            rmtree(before[1], ignore_errors=True)

    async def close(self) -> None:
        """Wait for what is being made, and take everything away."""
        if self._making is not None:
            await asyncio.wait([self._making])
        rmtree(self._place, ignore_errors=True)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if isinstance(held := getattr(app.state, "dumps", None), Dumps):
            await held.close()


router = APIRouter(tags=["dumps"], lifespan=_lifespan)


@router.get("/dumps/", summary="The dumps", response_class=Response, responses=documented(503))
async def index(request: Request) -> Response:
    """A page that lists the files with their sizes and checksums."""
    folder = await _folder(request)
    sums = dict(line.split()[::-1] for line in (folder / _SUMS).read_text(encoding="ascii").splitlines())
    files = [(path.name, path.stat().st_size, sums.get(path.name, "")) for path in sorted(folder.iterdir())]
    return page(request, "dumps.html", title="Dumps", files=files)


@router.get(
    "/dumps/{name}",
    summary="One file of the dumps",
    response_class=FileResponse,
    responses={200: {"content": {"application/gzip": {}, "text/turtle": {}}}, **documented(404, 503)},
)
async def file(request: Request, name: str) -> Response:
    """`uschina-kg.ttl.gz` and the like, `void.ttl`, `SHA256SUMS`; ranges and conditional requests work."""
    folder = await _folder(request)
    if name not in {path.name for path in folder.iterdir()}:
        raise NotFoundError(f"there is no dump {name!r}; /dumps/ lists them")
    known = next((kind for suffix, kind in _TYPES.items() if name.endswith(suffix)), "text/plain")
    return FileResponse(folder / name, media_type=known)


@router.get("/.well-known/void", summary="The description of the dataset", status_code=303)
def well_known(request: Request) -> Response:
    """Where the VoID and DCAT description is."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/dumps/{_DESCRIPTION}", 303)


async def _folder(request: Request) -> Path:
    state = request.app.state
    if not isinstance(getattr(state, "dumps", None), Dumps):
        state.dumps = Dumps(state.options.store)
    dumps: Dumps = state.dumps
    try:
        return await dumps.folder(state.store.version)
    except BusyError:
        raise
    except KgError as error:
        raise BusyError(f"the dumps cannot be made now: {error}") from error
