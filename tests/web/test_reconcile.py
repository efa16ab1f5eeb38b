"""Names of a table find their things, as OpenRefine asks for them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from kg.settings import Settings
from kg.store import open_store
from kg.web import create_app
from tests.conftest import DOCUMENTS


@pytest.fixture(scope="module")
def client(stored: Callable[..., str]) -> Iterator[TestClient]:
    url = stored(*DOCUMENTS)
    options = Settings(store=url, log_format="off")  # type: ignore[call-arg]
    with open_store(url) as store, TestClient(create_app(store, options=options)) as opened:
        yield opened


def matched(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    """The candidates for one name."""
    reply = client.post("/reconcile", data={"queries": json.dumps({"q0": query})})
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["q0"]["result"]
    return found


def test_manifest_names_services_that_answer(client: TestClient) -> None:
    told = client.get("/reconcile").json()
    assert told["versions"] == ["0.2"]
    assert told["identifierSpace"].endswith("/id/")
    for service in (*told["suggest"].values(), told["extend"]["propose_properties"]):
        assert client.get(service["service_url"] + service["service_path"]).status_code == 200
    for template in (told["view"]["url"], told["preview"]["url"]):
        page = client.get(template.replace("{{id}}", "person%2Fxi-jinping"), headers={"accept": "text/html"})
        assert (page.status_code, "习近平" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("name", "id", "is_match"),
    [
        ("Xi Jinping", "person/xi-jinping", True),
        ("XI JINPING", "person/xi-jinping", True),
        ("习近平", "person/xi-jinping", True),
        ("Jinping, Xi", "person/xi-jinping", False),
        ("Xi Jingping", "person/xi-jinping", False),
        ("Joseph Biden", "person/joe-biden", None),
        ("外交部", "organization/ministry-of-foreign-affairs-china", None),
    ],
)
def test_name_finds_its_thing_in_both_scripts_and_with_slips(
    client: TestClient, name: str, id: str, is_match: bool | None
) -> None:
    first, *others = matched(client, query=name)
    assert first["id"] == id
    assert is_match is None or first["match"] is is_match
    assert all(first["score"] >= it["score"] for it in others)
    assert not any(it["match"] for it in others)


def test_type_leaves_out_what_is_another(client: TestClient) -> None:
    assert {it["type"][0]["id"] for it in matched(client, query="China", type="Country")} == {"Country"}
    assert matched(client, query="China", type="NoSuchType") == []


def test_property_that_agrees_raises_the_score(client: TestClient) -> None:
    def score(country: Any) -> float:
        told = matched(client, query="Xi Jinpin", properties=[{"pid": "represents", "v": country}])
        return float(next(it["score"] for it in told if it["id"] == "person/xi-jinping"))

    assert score("China") == score({"id": "country/china"}) > score("United States")


@pytest.mark.parametrize(
    "type", ["Person", "person", "https://w3id.org/uschina-kg/ontology#Person", "Leader", "Agent"]
)
def test_type_has_the_names_that_the_ontology_and_addresses_have(client: TestClient, type: str) -> None:
    assert matched(client, query="Xi Jinping", type=type)[0]["id"] == "person/xi-jinping"
    assert matched(client, query="Xi Jinping", type=["Topic", type])[0]["id"] == "person/xi-jinping"


def test_strict_type_is_any_all_or_a_preference(client: TestClient) -> None:
    def found(strict: str, *types: str) -> list[str]:
        return [it["id"] for it in matched(client, query="China", type=[*types], type_strict=strict)]

    assert "country/china" in found("any", "Country", "Topic")
    assert found("all", "Country", "Topic") == []
    assert found("all", "Country", "Agent")[0] == "country/china"
    assert found("all", "Organization", "Official") == []
    preferred = matched(client, query="China", type="Topic", type_strict="should")
    by_id = {it["id"]: it for it in preferred}
    assert by_id["country/china"]["score"] == 80
    assert not by_id["country/china"]["match"]
    assert found("should", "NoSuchType")


def test_properties_alone_find_a_thing(client: TestClient) -> None:
    same = {"pid": "sameAs", "v": "http://www.wikidata.org/entity/Q15031"}
    [found] = matched(client, properties=[same])
    assert (found["id"], found["score"], found["match"]) == ("person/xi-jinping", 100, True)
    held = {"pid": "heldOffice", "v": {"id": "office/president-of-china", "name": "President of China"}}
    both = matched(client, properties=[{"pid": "represents", "v": "China"}, held], type="Person")
    assert both[0]["score"] == 100 > both[-1]["score"]
    assert "person/xi-jinping" in {it["id"] for it in both if it["score"] == 100}
    [named] = matched(client, properties=[{"pid": "prefLabel-zh", "v": "习近平"}])
    assert named["id"] == "person/xi-jinping"
    assert (
        matched(client, properties=[{"pid": "nonsense", "v": "<x> {"}, {"pid": "sameAs", "v": "> {"}]) == []
    )


def test_bad_entry_fails_alone(client: TestClient) -> None:
    batch = {"good": {"query": "Xi Jinping"}, "empty": {}, "odd": 1, "limit": {"query": "x", "limit": 0}}
    found = client.post("/reconcile", data={"queries": json.dumps(batch)}).json()
    assert found["good"]["result"][0]["id"] == "person/xi-jinping"
    assert "error" not in found["good"]
    for name in ("empty", "odd", "limit"):
        assert found[name]["result"] == []
        assert found[name]["error"]


def test_batch_is_answered_whole_and_bounded(client: TestClient) -> None:
    asked = {f"q{n}": {"query": name, "limit": 2} for n, name in enumerate(["Taiwan", "Beijing", "???"])}
    found = client.get("/reconcile", params={"queries": json.dumps(asked)}).json()
    assert list(found) == ["q0", "q1", "q2"]
    assert (len(found["q0"]["result"]), found["q2"]["result"]) == (2, [])
    many = {f"q{n}": {"query": "x"} for n in range(101)}
    refused = client.post("/reconcile", data={"queries": json.dumps(many)})
    assert (refused.status_code, refused.json()["detail"]) == (413, "the batch is longer than 100 queries")
    refused = client.post("/reconcile", data={"extend": json.dumps({"ids": ["x"] * 1001, "properties": []})})
    assert (refused.status_code, refused.json()["detail"]) == (
        413,
        "the list of things is longer than 1000 things",
    )


@pytest.mark.parametrize(
    "wrong", ["[]", "{", '{"q0": {}}', '{"q0": {"query": "x", "limit": 0}}', '{"q0": 1}']
)
def test_batch_that_is_none_is_a_problem(client: TestClient, wrong: str) -> None:
    assert client.post("/reconcile", data={"queries": wrong}).status_code == 400


def test_things_are_suggested_while_somebody_types(client: TestClient) -> None:
    def suggested(what: str, prefix: str) -> list[str]:
        reply = client.get(f"/reconcile/suggest/{what}", params={"prefix": prefix})
        return [it["id"] for it in reply.json()["result"]]

    assert suggested("entity", "xi ji")[0] == suggested("entity", "习近")[0] == "person/xi-jinping"
    assert suggested("type", "pers") == ["Person"]
    assert suggested("property", "acts") == ["represents"]


def test_columns_are_filled_with_values(client: TestClient) -> None:
    wish = {
        "ids": ["person/xi-jinping", "person/nobody", "no path"],
        "properties": [{"id": "represents"}, {"id": "prefLabel-zh"}, {"id": "sameAs"}, {"id": "heldOffice"}],
    }
    told = client.post("/reconcile", data={"extend": json.dumps(wish)}).json()
    row = told["rows"]["person/xi-jinping"]
    assert row["represents"] == [{"id": "country/china", "name": "China"}]
    assert row["prefLabel-zh"] == [{"str": "习近平"}]
    assert re.fullmatch(r"http://www.wikidata.org/entity/Q\d+", row["sameAs"][0]["str"])
    assert {"id": "office/president-of-china", "name": "President of China"} in row["heldOffice"]
    assert told["meta"][0] == {
        "id": "represents",
        "name": "acts for",
        "type": {"id": "Country", "name": "Country"},
    }
    assert set(map(str, told["rows"]["person/nobody"].values())) == {"[]"}
    assert set(map(str, told["rows"]["no path"].values())) == {"[]"}


def test_preview_may_stand_in_any_frame_and_runs_nothing(client: TestClient) -> None:
    reply = client.get("/reconcile/preview", params={"id": "topic/taiwan"})
    assert reply.headers["content-security-policy"] == "default-src 'none'; frame-ancestors *"
    assert "<script" not in reply.text
    assert client.get("/reconcile/preview", params={"id": "topic/none"}).status_code == 404
