"""The index of texts follows a store of any kind, and needs no place beside it."""

from pathlib import Path

import pytest

from kg import ingest
from kg.errors import StoreError
from kg.lexicon import Lexicon
from kg.model import Document
from kg.search import Search, follow
from kg.search.index import FILE, Index
from kg.store import Store, open_store


def put(store: Store, name: str, body: str) -> None:
    document = Document(name, body, kind="Article", title=name, published="2025-06-05")
    assert ingest.load_document(document, store, ingest.Pipeline()).status in ("stored", "replaced")


def names(search: Search, text: str) -> list[str]:
    return [it.document.rsplit("/", 1)[-1] for it in search.find(text, widen=False).hits]


def test_index_is_in_step_with_every_write(
    store: Store, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "_TRUSTED", 0.0)  # a server tells no revision: all is compared each time
    ingest.put_ontology(store, ingest.Pipeline())
    search = Search(store, lexicon)
    put(store, "one", "China and the United States spoke of fishing.")
    put(store, "two", "中国和美国讨论了渔业。")
    assert names(search, "fishing") == ["one"]
    assert names(search, "漁業") == ["two"]
    ingest.remove("one", store)
    assert names(search, "fishing") == []
    search.close()


def test_store_that_is_only_readable_has_its_index_elsewhere(
    tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    with open_store(url, write=True) as writer:
        ingest.put_ontology(writer, ingest.Pipeline())
        put(writer, "one", "China and the United States spoke of fishing.")

    def opened(path: Path) -> Index:
        if path.is_relative_to(tmp_path):
            raise StoreError("read-only file system")
        return Index(path)

    monkeypatch.setattr(follow, "Index", opened)
    with open_store(url) as reader:
        search = Search(reader, lexicon)
        assert names(search, "fishing") == ["one"]
        search.close()
    assert not (tmp_path / "store" / FILE).exists()
