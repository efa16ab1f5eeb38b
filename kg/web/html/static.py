"""Style sheets, scripts and fonts, all from this server, at addresses that change with their content."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from kg.errors import NotFoundError

__all__ = ["address", "router"]

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parents[1] / "static"
_SERVED = {".css", ".js", ".svg", ".txt", ".woff2"}
_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class _Bundle:
    """All files by name, and the digest that stands in their addresses.

    One digest for all, so that a style sheet can name a font beside it.
    """

    digest: str
    files: Mapping[str, tuple[bytes, str]]


def address(name: str) -> str:
    """The path of a file, from the root of the application."""
    return f"/static/{_bundle().digest}/{name}"


@router.get("/static/{digest}/{name}")
def static(request: Request, digest: str, name: str) -> Response:
    """One file, to be kept for good; an address of an older release leads to the file of this one."""
    bundle = _bundle()
    if name not in bundle.files:
        raise NotFoundError(f"there is no file {name!r}")
    if digest != bundle.digest:
        return RedirectResponse(request.scope.get("root_path", "") + address(name), 307)
    content, media_type = bundle.files[name]
    return Response(content, media_type=media_type, headers={**_FOREVER, "etag": f'"{digest}"'})


@cache
def _bundle() -> _Bundle:
    paths = sorted(path for path in _FOLDER.rglob("*") if path.suffix in _SERVED)
    digest = blake2b(digest_size=8)
    files: dict[str, tuple[bytes, str]] = {}
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
        files[path.name] = (content, _media_type(path))
    return _Bundle(digest.hexdigest(), files)


def _media_type(path: Path) -> str:
    if path.suffix == ".woff2":
        return "font/woff2"  # the table of the system may lack it
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
