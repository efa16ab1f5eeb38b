"""Heads of plain texts: title, publisher and day as newspapers, agencies and offices print them; languages."""

import json
from io import BytesIO

import pytest

from kg.language import language
from kg.model import Document
from kg.read import Unreadable, each_of, read_bytes

TALKED = "The two ministers spoke by telephone about trade with each other on Tuesday."
DAY = "2031-03-04"


def _one(text: str, name: str = "note.txt") -> Document:
    (found,) = read_bytes(text.encode(), name, max_bytes=10_000)
    return found


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ("Ministers talk\nThe Port Courier\nMarch 4, 2031", "The Port Courier"),
        ("Ministers talk\n\nThe Port Courier, March 4, 2031", "The Port Courier"),
        ("Ministers talk\nThe Port Courier - 03/14/31", "The Port Courier"),
        ("Ministers talk\nPort Courier | 14-03-2031", "Port Courier"),
        ("Ministers talk\nBy Ann Writer\nReuters, 4 March 2031", "Reuters"),
        ("# Ministers talk\n\n*By Ann Writer, The Port Courier*\n\n**March 4, 2031**", "The Port Courier"),
        ("The Port Times\nTuesday, March 4, 2031\n\nMinisters talk", "The Port Times"),
        ("THE PORT TIMES\nMarch 4, 2031\n\nMinisters talk", "The Port Times"),
        ("Ministers talk | Reuters\nMarch 4, 2031 10:00 AM EDT Updated 2 days ago", "Reuters"),
        ("Ministers talk\nSource: Xinhua\n2031-03-04", "Xinhua"),
        ("Xinhua | 2031-03-04 10:00:00\n\nMinisters talk", "Xinhua"),
        (
            "Ministers talk\n\nBy WANG MING in Beijing | China Daily | Updated: 2031-03-04 09:12",
            "China Daily",
        ),
        (
            "THE WHITE HOUSE\nOffice of the Press Secretary\nFor Immediate Release\nMarch 4, 2031\n\nMinisters talk",
            "The White House",
        ),
        (
            "U.S. Department of State\nOffice of the Spokesperson\nMarch 4, 2031\n\nMinisters talk",
            "U.S. Department of State",
        ),
        ("Ministers talk | Port Post\n\nPublished: 10:15am, 4 March 2031", "Port Post"),
        (
            "Port Post, March 4, 2031, Tuesday\nSECTION: A; Pg. 1\nHEADLINE: Ministers talk\nBODY:",
            "Port Post",
        ),
        ("CNBC\nMinisters talk\nPublished Tue, March 4 2031 12:05 AM EDT", "CNBC"),
        ("Ministers talk\nAFP - Agence France Presse\nMarch 4, 2031", "AFP"),
        ("Title: Ministers talk\nDate: March 4, 2031\nSource: Port News\nAuthor: Ann Writer", "Port News"),
        ("Ministers talk\n\nPublished 4 March 2031, 10:30 GMT | Updated 15 June 2032", None),
        ("Ministers talk\n\nAnn Writer\nMarch 4, 2031", None),
    ],
)
def test_head_of_a_plain_text(head: str, publisher: str | None) -> None:
    document = _one(f"{head}\n\n{TALKED}\n")
    assert (document.title, document.publisher) == ("Ministers talk", publisher)
    assert document.published in (DAY, "2031-03-14")
    assert document.published_from == "the head of the text"


def test_labels_of_a_record_are_no_speakers() -> None:
    head = "Title: Ministers talk\nDate: March 4, 2031\nSource: Port News\nAuthor: Ann Writer"
    assert _one(f"{head}\n\n{TALKED}\n").kind == "Article"


@pytest.mark.parametrize(
    "body",
    [
        f"{TALKED}\n\nLast updated: March 1, 2024",
        f"Timeline\n\nMarch 4, 2031\n{TALKED}\n\nMay 5, 2031\n{TALKED}",
        f"Background\n\n{TALKED}\n\nThe first talks:\n\nMay 10, 2025\n\nThere they met.",
        f"{TALKED}\nDate\nWho\nMay 10, 2025\nThe ministers",
        f"Ministers talk\n\n06/05/2023\n\n{TALKED}",
        f"Press Conference on June 5, 2023 in the Port\n\n{TALKED}",
        "On June 5, 2025, the\nministers spoke with each other at\nthe port. They were\nglad.",
    ],
)
def test_a_stray_or_ambiguous_day_is_no_day_of_publication(body: str) -> None:
    assert _one(body).published is None


@pytest.mark.parametrize(
    "record",
    [
        {"headline": "Talk", "published_at": "2031-03-04T08:00:00Z", "source": "The Port Courier", "content": TALKED},
        {"title": "Talk", "publishedAt": "2031-03-04", "source": {"id": None, "name": "The Port Courier"}, "body": TALKED},
        {"Title": "Talk", "headline": "Talk", "datePublished": "Tue, 04 Mar 2031 08:00:00 GMT",
         "outlet": "The Port Courier", "article": TALKED},
        {"headline": "Talk", "timestamp": 1930400000, "publication": "The Port Courier", "full_text": TALKED},
        {"headline": "Talk", "pub_date": "yesterday", "datetime": "2031-03-04", "site": "The Port Courier",
         "maintext": TALKED, "source": "https://port.example/a"},
    ],
)  # fmt: skip
def test_records_of_usual_dumps(record: dict[str, object]) -> None:
    document = _one(json.dumps(record), "dump.jsonl")
    assert (document.title, document.published, document.publisher) == ("Talk", DAY, "The Port Courier")


def test_a_record_without_a_text_spoils_no_other() -> None:
    lines = [
        {"title": "One", "text": TALKED},
        {"title": "Two"},
        {"title": "Three"},
        {"title": "Four", "text": TALKED},
    ]
    data = "\n".join(map(json.dumps, lines)).encode()
    found = [*each_of(BytesIO(data), "d.jsonl", max_bytes=10_000)]
    assert [document.title for document in found if isinstance(document, Document)] == ["One", "Four"]
    assert [bad.where for bad in found if isinstance(bad, Unreadable)] == ["d.jsonl:2", "d.jsonl:3"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TALKED, "en"),
        ("中国外交部发言人表示，中美两国元首通了电话，双方就台湾问题交换了意见。", "zh"),
        ("Le président chinois et le président américain ont parlé au téléphone de la guerre dans les deux pays.", "fr"),
        ("Der chinesische Präsident hat mit dem amerikanischen Präsidenten über die Zölle und den Handel gesprochen.", "de"),
        ("El presidente de China y el de los Estados Unidos hablaron por teléfono sobre los aranceles y la guerra.", "es"),
        ("中国の外務省は、両国の首脳が電話で会談したことを明らかにした。", "ja"),
        ("Президенты двух стран поговорили по телефону о торговле и тарифах.", "ru"),
        ("Xi Trump call", None),
    ],
)  # fmt: skip
def test_language_of_a_text(text: str, found: str | None) -> None:
    assert language(text) == found
