import os
from pathlib import Path

import pytest
from rdflib import XSD, Literal

from kg import package_cache
from kg.package_cache import kept
from kg.reason import Reasoner
from kg.resources import files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(package_cache, "_known", {})
    return tmp_path / "cache" / "uschina-kg"


def next_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_cache, "_known", {})


def refuse() -> object:
    raise AssertionError("made again")


def test_what_was_made_once_is_read_by_the_next_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept("names", [], lambda: ["Beijing"]) == ["Beijing"]
    next_process(monkeypatch)
    assert kept("names", [], refuse) == ["Beijing"]
    assert len([*folder.iterdir()]) == 1


@pytest.mark.usefixtures("folder")
def test_a_changed_file_makes_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "names.ttl"
    file.write_text("one")
    assert kept("names", [file], file.read_text) == "one"
    file.write_text("another")
    assert kept("names", [file], file.read_text) == "another"
    next_process(monkeypatch)
    assert kept("names", [file], refuse) == "another"


@pytest.mark.usefixtures("folder")
def test_another_base_iri_makes_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = package_cache.settings()
    kept("names", [], lambda: 1)
    other = settings.model_copy(update={"base_iri": "https://example.org/"})
    monkeypatch.setattr(package_cache, "settings", lambda: other)
    assert kept("names", [], lambda: 2) == 2


@pytest.mark.parametrize("damage", [b"", b"not a pickle", b"\x80\x05cno_module\nname\n."])
def test_a_damaged_entry_is_made_again(folder: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes) -> None:
    kept("names", [], lambda: 1)
    (entry,) = folder.iterdir()
    entry.write_bytes(damage)
    next_process(monkeypatch)
    assert kept("names", [], lambda: 2) == 2
    next_process(monkeypatch)
    assert kept("names", [], refuse) == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the platform has no owners of files")
def test_a_folder_that_others_can_write_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept("names", [], lambda: 1)
    folder.chmod(0o777)
    next_process(monkeypatch)
    assert kept("names", [], lambda: 2) == 2


def test_without_a_folder_everything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    next_process(monkeypatch)
    assert kept("names", [], lambda: 1) == 1


def test_the_folder_keeps_a_few_entries_of_each_name(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "names.ttl"
    for size in range(12):
        file.write_text("x" * size)
        kept("names", [file], file.read_text)
    assert len([*folder.iterdir()]) == 8


@pytest.mark.usefixtures("folder")
def test_literals_keep_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    written = Literal("01", datatype=XSD.integer, normalize=False)
    kept("literal", [], lambda: (written,))
    next_process(monkeypatch)
    (read,) = kept("literal", [], refuse)  # type: ignore[misc]
    assert str(read) == "01"
    assert read == written


@pytest.mark.usefixtures("folder")
def test_kept_rules_infer_what_new_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    ontology = files("ontology", ".ttl")
    made = kept("reasoner", ontology, Reasoner)
    next_process(monkeypatch)
    read = kept("reasoner", ontology, Reasoner)
    assert read is not made
    assert set(read.closure) == set(made.closure)
