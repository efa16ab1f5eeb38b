"""Every deliberate error says how a process and a server end with it."""

import re

import pytest

import kg.errors
from kg.errors import KgError

ALL = [value for value in vars(kg.errors).values() if isinstance(value, type) and issubclass(value, KgError)]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_error_stands_in_the_tree_with_its_codes(error: type[KgError]) -> None:
    row = re.search(rf"{error.__name__} +(\d+) +(\d+)", kg.errors.__doc__ or "")
    assert row, "add it to the docstring of kg.errors"
    assert [int(code) for code in row.groups()] == [error.exit_code, error.http_status]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_error_is_documented(error: type[KgError]) -> None:
    assert error.__doc__
