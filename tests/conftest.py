"""What every test stands on."""

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    """A developer's own `KG_…` variables must not change what is tested."""
    for name in [name for name in os.environ if name.startswith("KG_")]:
        del os.environ[name]
    os.environ["KG_RATE_LIMIT"] = "0"  # tests ask more of a server than one client may


@pytest.fixture(autouse=True)
def _environment_of_each_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command sets for processes of its own is gone before the next test."""
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the browser to the end: while it is open, no other event loop can run in its process."""
    items.sort(key=lambda item: item.path.name == "test_browser.py")
