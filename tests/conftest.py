"""What every test stands on."""

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    """A developer's own `KG_…` variables must not change what is tested."""
    for name in [name for name in os.environ if name.startswith("KG_")]:
        del os.environ[name]
