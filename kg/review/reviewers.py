"""The people who may review over HTTP: a file that the operator keeps, with no secret in it."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

from kg.errors import InputError, NotFoundError

__all__ = ["Reviewers"]

_NAME = re.compile(r"[\w.-]{1,60}")
_BYTES = 24  # of a secret: nobody guesses 192 bits, so a quick digest keeps them well


@dataclass(frozen=True)
class Reviewers:
    """Who may review.

    Attributes:
        path: The file.
        digests: Of the secret of each person, by name.
        key: What sessions are signed with.
    """

    path: Path
    digests: Mapping[str, str]
    key: str

    @classmethod
    def read(cls, path: Path) -> "Reviewers":
        """Those of a file; nobody if there is none.

        Raises:
            InputError: the file is not one that `kg reviewers` wrote.
        """
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, dict(held["reviewers"]), str(held["key"]))
        except FileNotFoundError:
            return cls(path, {}, "")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is no file of reviewers; `kg reviewers add NAME` makes one") from error

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Their names, sorted."""
        return tuple(sorted(self.digests))

    def add(self, name: str) -> str:
        """Let a person review; the secret, which is kept nowhere. One who is there already gets a new one.

        Raises:
            InputError: that is no name, or the file cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise InputError(f"{name!r} is no name of a reviewer; use letters, digits, dots and hyphens")
        secret = secrets.token_urlsafe(_BYTES)
        self._write({**self.digests, name: _digest(secret)})
        return secret

    def remove(self, name: str) -> None:
        """Let a person review no more; what he or she reviewed stays.

        Raises:
            InputError: the file cannot be written.
            NotFoundError: there is no such person.
        """
        if name not in self.digests:
            raise NotFoundError(
                f"no reviewer is called {name!r}; there are: {', '.join(self.names) or 'none'}"
            )
        self._write({it: digest for it, digest in self.digests.items() if it != name})

    def is_let_in(self, name: str, secret: str) -> bool:
        """Whether a secret is that of a person."""
        known = self.digests.get(name, "")
        return compare_digest(known.encode(), _digest(secret).encode()) and bool(known)

    def stamp(self, name: str) -> str:
        """Changes with the secret of a person, so that sessions that began with another one end; or empty."""
        known = self.digests.get(name)
        return sha256(f"{name}\n{known}".encode()).hexdigest()[:16] if known else ""

    def _write(self, digests: Mapping[str, str]) -> None:
        held = {"key": self.key or secrets.token_hex(32), "reviewers": dict(sorted(digests.items()))}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_name(f".{self.path.name}.new")
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # with the mode from the start
                json.dump(held, file, indent=1)
            new.replace(self.path)
        except OSError as error:
            raise InputError(f"{self.path} cannot be written: {error.strerror or error}") from error


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
