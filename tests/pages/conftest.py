"""One server over one small store, and one browser, for all tests of the pages."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
import uvicorn

from kg.settings import Settings
from kg.store import open_store
from kg.web import create_app
from kg.web.http.logs import configuration

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DOCUMENTS = Path(__file__).parent / "documents"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def store_url(stored: Callable[..., str]) -> str:
    """A store with two accounts of one meeting, and a document that means harm."""
    return stored(*sorted(DOCUMENTS.iterdir()))


@pytest.fixture(scope="session")
def address(store_url: str) -> Iterator[str]:
    """Where the server listens."""
    with served(store_url) as place:
        yield place


@contextmanager
def served(store_url: str, root_path: str = "", reviewers: Path | None = None) -> Iterator[str]:
    """A server over a store, and where it listens."""
    options = Settings(
        store=store_url, log_format="off", root_path=root_path, reviewers=reviewers, rate_limit=0
    )  # type: ignore[call-arg]
    with open_store(store_url) as store:
        app = create_app(store, options=options)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=configuration(options.log_format)))
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.should_exit = True
        thread.join()
        socket.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Headless Chromium; while it is open, no other event loop can run in its process."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: make engines")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Window:
    """A page of the browser that notes what must not happen.

    Attributes:
        page: The page, as Playwright has it.
        errors: Errors of scripts, and what the console or the policy complains of.
        strangers: Requests to any other server.
    """

    page: object
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.page.close()

    def watch(self, address: str) -> None:
        """Begin to note."""
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        own = (address, "data:", "blob:")
        self.page.on(
            "request", lambda sent: None if sent.url.startswith(own) else self.strangers.append(sent.url)
        )

    def _told(self, message: object) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)


@pytest.fixture(scope="module")
def contexts(browser: object) -> Callable[..., object]:
    """One window frame for each width and use of scripts."""

    @cache
    def context(width: int, scripts: bool) -> object:
        size = {"width": width, "height": 900}
        return browser.new_context(viewport=size, java_script_enabled=scripts)

    return context


@pytest.fixture
def opened(contexts: Callable[..., object], address: str) -> Callable[..., Window]:
    """Opens a path in a window of a width, with scripts or without; use it in a `with`."""

    def open_path(path: str, *, width: int = 1280, scripts: bool = True) -> Window:
        window = Window(contexts(width, scripts).new_page())
        window.watch(address)
        window.page.goto(f"{address}{path}", wait_until="load")
        return window

    return open_path
