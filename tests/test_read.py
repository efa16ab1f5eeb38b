import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from kg import read
from kg.errors import InputError, UnreadableDocumentError
from kg.model import Document
from kg.read import Skipped, Unreadable

FIXTURES = Path(__file__).parent / "read"
LIMIT = 100_000
CALL = "The two ministers spoke by phone on Tuesday."


def one(text: str | bytes, name: str = "note.txt", *, media_type: str | None = None) -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    (document,) = read.read_bytes(data, name, max_bytes=LIMIT, media_type=media_type)
    return document


def problem(data: bytes, name: str = "note.txt", *, max_bytes: int = LIMIT) -> str:
    with pytest.raises(UnreadableDocumentError) as caught:
        list(read.read_bytes(data, name, max_bytes=max_bytes))
    return str(caught.value)


def fixture(name: str) -> list[Document]:
    return list(read.read(FIXTURES / name, max_bytes=LIMIT))


# ── Body ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [CALL, f"  {CALL}\r\n\tEnd\r", f"{CALL}\n\n", "Не было “темы”.\n\U0001f600"])
def test_a_text_is_its_own_body(body: str) -> None:
    assert one(body).body == body


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_body(encoding: str) -> None:
    assert one(CALL.encode(encoding)).body == CALL


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f"---\ntitle: T\n---\n{CALL}\n---\nEnd", f"{CALL}\n---\nEnd"),
        (f"---\ntitle: T\n---\n\n  {CALL}", f"\n  {CALL}"),
        (f"---\r\ntitle: T\r\n---\r\n{CALL}\r\n", f"{CALL}\r\n"),
        (f"{CALL}\n---\ntitle: T\n---\n", f"{CALL}\n---\ntitle: T\n---\n"),
    ],
)
def test_the_body_of_markdown_starts_below_the_front_matter(text: str, body: str) -> None:
    assert one(text, "note.md").body == body


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_printable_text_comes_back(text: str) -> None:
    data = text.encode()
    if text.removeprefix("\ufeff").strip() and not {"\ufffe", "\uffff"} & set(text):
        assert one(data).body == text.removeprefix("\ufeff")


@given(st.binary(max_size=200), st.sampled_from(sorted(set(read.FORMATS) - {".html", ".htm"})))
def test_any_bytes_are_read_or_refused(data: bytes, suffix: str) -> None:
    try:
        documents = list(read.read_bytes(data, f"x{suffix}", max_bytes=LIMIT))
    except UnreadableDocumentError as error:
        assert str(error).startswith(f"x{suffix}")  # noqa: PT017
        return
    assert all(document.body.strip() and document.id for document in documents)


# ── Metadata ─────────────────────────────────────────────────────────────────


def test_front_matter() -> None:
    front = (
        "---\nid: call-7\ntitle: Ministers' call\npublisher: Office of the Minister\nkind: readout\n"
        "date_published: 2031-03-04\nlanguage: en_GB\nurl: https://office.example/7\nweather: [wet]\n---\n"
    )
    assert one(front + CALL, "a.md") == Document(
        "call-7", CALL, "Readout", "Ministers' call", None, "Office of the Minister", "2031-03-04", "en-gb",
        "https://office.example/7", "a.md",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2031-03-04", "2031-03-04"),
        ('"2031-03-04T23:30:00-05:00"', "2031-03-04"),
        ("March 4, 2031", "2031-03-04"),
        ("4 March 2031", "2031-03-04"),
        ("2031年3月4日", "2031-03-04"),
        ("", None),
        ("null", None),
    ],
)
def test_stated_day(value: str, day: str | None) -> None:
    assert one(f"---\ntitle: T\ndate: {value}\n---\n{CALL}", "a.md").published == day


@pytest.mark.parametrize(
    ("front", "note"),
    [
        ("date: 4 March", "date '4 March' names no day; write it as 2025-06-05; it is left out"),
        ("date: 2031-02-30", "date '2031-02-30' names no day; write it as 2025-06-05; it is left out"),
        ("url: /n/7", "url '/n/7' is no complete address; write https://… without blanks; it is left out"),
        ("url: https://a.example/b c", "is no complete address"),
        (
            "language: English!",
            "language 'English!' is no language tag; write en, zh or the like; it is left out",
        ),
        (
            'publisher: "a\\x07b"',
            "publisher: the control character U+0007 cannot be stored; remove it; it is left",
        ),
        ("weather: wet", "the field 'weather' is not used"),
    ],
)
def test_field_that_cannot_be_used_is_said_and_costs_no_document(front: str, note: str) -> None:
    document = one(f"---\ntitle: T\n{front}\n---\n{CALL}", "a.md")
    assert (document.title, document.body, document.published, document.url) == ("T", CALL, None, None)
    [told] = document.notes
    assert note in told


def test_front_matter_without_fields() -> None:
    message = "a.md:2: the front matter holds no fields; write them as key: value"
    assert problem(f"---\njust words\n---\n{CALL}".encode(), "a.md") == message


def test_front_matter_that_is_no_yaml() -> None:
    message = problem(f"---\ntitle: 'T\n---\n{CALL}".encode(), "a.md")
    assert message.startswith("a.md:3: the front matter is no YAML: ")


def test_front_matter_without_end() -> None:
    assert "not closed" in problem(f"---\ntitle: T\n\n{CALL}".encode(), "a.md")


def test_front_matter_without_text() -> None:
    assert "no text below" in problem(b"---\ntitle: T\n---\n", "a.md")


# ── What the text says of itself ─────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Ministers Speak; Fish Is Left Out\n\n{CALL}", "Ministers Speak; Fish Is Left Out"),
        (f"# Ministers Speak\n\n{CALL}", "Ministers Speak"),
        (
            f"March 4, 2031\nFor Immediate Release\n\nRemarks by the Minister\n\n{CALL}",
            "Remarks by the Minister",
        ),
        (f"\r\nWho Called Whom?\r\n\r\n{CALL}", "Who Called Whom?"),
        (f"Ministers Speak\n{CALL}", None),
        (f"{CALL}\n\nThey agreed.", None),
        ("The following is attributable to the spokesman:\n\nThey agreed.", None),
        ("Ministers Speak", None),
    ],
)
def test_title_in_the_text(text: str, title: str | None) -> None:
    document = one(text)
    assert document.title == title
    passage = document.title_passage
    assert passage is None if title is None else passage is not None
    assert passage is None or text[passage.start : passage.end] == passage.exact == title


@pytest.mark.parametrize(
    ("body", "start"), [(f"Fish\n\n{CALL}", 0), (f"**Fish**\n\n{CALL}", 2), ("Fish is.", None)]
)
def test_a_stated_title_is_cited_only_where_it_stands_alone(body: str, start: int | None) -> None:
    passage = one(f"---\ntitle: Fish\n---\n{body}", "a.md").title_passage
    assert (passage.start if passage else None) == start


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2031-03-04", "2031-03-04"),
        ("Tags:\n2031-03-04", "2031-03-04"),
        ("Published: March 4, 2031", "2031-03-04"),
        ("Tuesday, 4 March 2031", "2031-03-04"),
        ("(2031-03-04 14:30)", "2031-03-04"),
        ("Source: Port News | Updated: 2031-03-04", "2031-03-04"),
        ("March 4, 2031 10:30 AM EDT", "2031-03-04"),
        ("Since March 4, 2031 all is calm", None),
        ("March 4", None),
    ],
)
def test_day_above_the_text(line: str, day: str | None) -> None:
    assert one(f"Ministers Speak\n\n{line}\n\n{CALL}").published == day


@pytest.mark.parametrize(
    ("name", "dateline", "publisher", "day"),
    [
        ("a.txt", "PORT CITY, March 4, 2031 (Harbour News) --", "Harbour News", "2031-03-04"),
        ("2031-03-05-a.txt", "PORT CITY, March 4 (Harbour News) --", "Harbour News", "2031-03-04"),
        ("2031-01-01-a.txt", "PORT CITY, Dec. 31 (Harbour News) -", "Harbour News", "2030-12-31"),
        ("a.txt", "PORT CITY, March 4 (Harbour News) --", "Harbour News", None),
        ("a.txt", "PORT CITY (Harbour News) —", "Harbour News", None),
        ("20310305_a.txt", "Port City (which is small) -", None, "2031-03-05"),
    ],
)
def test_dateline(name: str, dateline: str, publisher: str | None, day: str | None) -> None:
    document = one(f"{dateline} {CALL}", name)
    assert (document.publisher, document.published) == (publisher, day)


def test_the_day_of_the_text_goes_before_that_of_address_and_name() -> None:
    front = "---\nurl: https://office.example/2031/03/02/call\n---\n"
    assert one(f"{front}Ministers Speak\n\n2031-03-01\n\n{CALL}", "2031-03-03.md").published == "2031-03-01"
    assert one(front + CALL, "2031-03-03.md").published == "2031-03-02"
    assert one(CALL, "2031-03-03.md").published == "2031-03-03"
    assert one(CALL, "call-12345678.md").published is None


@pytest.mark.parametrize(
    ("stated", "title", "kind"),
    [
        ("readout", "Call", "Readout"),
        ("statements-releases", "Statement by the spokesman on the call", "Readout"),
        ("statements-releases", "Remarks by the minister before the call", "Transcript"),
        ("briefings-statements", "Joint Statement on Fish", "JointStatement"),
        ("fact-sheets", "Fact Sheet: Fish", "Readout"),
        ("press Q&A", "Call", "Transcript"),
        ("press conference", "Call", "Transcript"),
        ("background press call", "Call", "Transcript"),
        ("post", "Call", "Post"),
        ("history essay", "The Fish Communiqué", "Article"),
        ("", "Readout of the call", "Readout"),
        ("", "Joint Communiqué on Fish", "JointStatement"),
        ("", "Press Gaggle by the Minister", "Transcript"),
        ("", "Minister posts remarks on joint statement", "Article"),
        ("", "Beijing rejects readout of call", "Article"),
    ],
)
def test_kind(stated: str, title: str, kind: str) -> None:
    assert one(f"---\nkind: {stated}\ntitle: '{title}'\n---\n{CALL}", "a.md").kind == kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Q: Did you call?\n\nMINISTER ROE: We did.\n\nAnd they called us.", "Transcript"),
        ("Harbour News: Did you call?\n\nJane Roe: We did.", "Transcript"),
        (f"{CALL}\n\nMinister Roe: we did.\n\n{CALL}\n\n{CALL}", "Article"),
        (CALL, "Article"),
    ],
)
def test_a_conversation_is_a_transcript(body: str, kind: str) -> None:
    assert one(body).kind == kind


@pytest.mark.parametrize(("text", "language"), [(CALL, "en"), ("两位部长星期二通了电话。", "zh")])
def test_language_of_a_text(text: str, language: str) -> None:
    assert one(text).language == language


# ── Identifiers ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("2031-03-04_Ministers Speak.txt", "2031-03-04-ministers-speak"), ("dir/Café.md", "cafe")],
)
def test_the_name_of_the_file_is_the_identifier(name: str, identifier: str) -> None:
    assert one(CALL, name).id == identifier


def test_name_that_is_no_utf_8_hides_no_document(tmp_path: Path) -> None:
    paths = [tmp_path / os.fsdecode(name) for name in (b"\xff.txt", b"\xfe.txt")]
    for path in paths:
        path.write_text(CALL, encoding="utf-8")
    documents = [it for path in paths for it in read.each(path, max_bytes=LIMIT)]
    assert [it.body for it in documents if isinstance(it, Document)] == [CALL, CALL]
    assert len({it.id for it in documents if isinstance(it, Document)}) == 2


def test_names_that_lose_letters_stay_apart() -> None:
    identifiers = {one(CALL, f"{name}.txt").id for name in ("部长-call", "总统-call", "部长", "总统", "call")}
    assert len(identifiers) == 5
    assert all(identifier.isascii() for identifier in identifiers)


def test_standard_input_is_named_by_its_text() -> None:
    first, again, other = (one(text, "-").id for text in (CALL, CALL, CALL + CALL))
    assert first == again != other
    assert first.startswith("stdin-")


# ── Formats ──────────────────────────────────────────────────────────────────


def test_html() -> None:
    (document,) = fixture("page.html")
    assert document.title == "Two ministers speak by phone"
    assert (document.publisher, document.published) == ("The Harbour Post", "2031-03-04")
    assert (document.language, document.url) == ("en-gb", "https://harbour.example/news/two-ministers-speak")
    assert document.title_passage is not None
    assert document.title_passage.start == 0
    assert "“We weren’t asked,”" in " ".join(document.body.split())
    assert "Copyright" not in document.body
    assert "Home" not in document.body


def test_html_in_a_declared_encoding() -> None:
    page = (FIXTURES / "page.html").read_text(encoding="utf-8").replace("utf-8", "windows-1252")
    assert "weren’t" in one(page.encode("cp1252"), "page.html").body
    wrong = page.replace("windows-1252", "no-such-thing").encode()
    assert "no-such-thing" in problem(wrong, "page.html")


def test_html_without_a_text() -> None:
    assert "no main text" in problem(b"<html><body><script>no()</script></body></html>", "a.html")


def test_rss() -> None:
    full, headline, empty = read.each(FIXTURES / "feed.rss", max_bytes=LIMIT)
    assert isinstance(full, Document)
    assert isinstance(headline, Document)
    assert isinstance(empty, Unreadable)
    assert empty.problem == "item 3: has neither a title nor a text"
    assert full.body == "Ministers speak\n\nThey spoke & agreed.\n\nFish was not raised."
    assert full.title_passage is not None
    assert (full.publisher, full.published, full.language) == ("The Harbour Post", "2031-03-04", "en-gb")
    assert full.url == "https://harbour.example/news/ministers-speak"
    assert (headline.body.strip(), headline.published) == ("Only a headline", None)
    assert full.id != headline.id


def test_atom() -> None:
    (entry,) = fixture("feed.atom")
    assert entry.body == "Readout of the call on fish\n\nThey spoke.\n\nThey agreed."
    assert (entry.kind, entry.published, entry.url) == ("Readout", "2031-03-04", "https://office.example/1")
    assert entry.publisher == "Office of the Minister"


def rss(*items: str) -> bytes:
    link = "<link>https://harbour.example/</link>"
    return f"<rss><channel><title>Post</title>{link}{''.join(items)}</channel></rss>".encode()


def item(guid: str, text: str, link: str = "") -> str:
    link = f"<link>{link}</link>" if link else ""
    return f"<item><guid>{guid}</guid>{link}<title>Call</title><description>{text}</description></item>"


def each(data: bytes, name: str) -> list[Document | Unreadable]:
    return [*read.each_of(io.BytesIO(data), name, max_bytes=LIMIT)]


def test_items_of_a_feed_are_named_by_their_guid_whatever_the_file_is_called() -> None:
    data = rss(item("https://harbour.example/1", "They spoke."), item("7", "They met."))
    first, again = (
        read.read_bytes(data, "a.xml", max_bytes=LIMIT),
        read.read_bytes(data, "b.rss", max_bytes=LIMIT),
    )
    assert [it.id for it in first] == [it.id for it in again]
    assert all(it.id.startswith("harbour-example-") for it in read.read_bytes(data, "a.xml", max_bytes=LIMIT))
    [other] = read.read_bytes(
        rss(item("7", "They met.")).replace(b"harbour", b"port"), "a.xml", max_bytes=LIMIT
    )
    assert other.id not in {it.id for it in read.read_bytes(data, "a.xml", max_bytes=LIMIT)}


def test_a_doubled_guid_harms_no_item() -> None:
    data = rss(
        item("0", "They spoke.", "https://harbour.example/1"),
        item("0", "They met.", "https://harbour.example/2"),
        item("1", "They wrote."),
        item("1", "They wired."),
        "<item><title>A\u0080</title><description>fine</description></item>",
    )
    found = each(data, "a.xml")
    documents = [it for it in found if isinstance(it, Document)]
    assert len({it.id for it in documents}) == len(documents) == 4
    [problem] = [it.problem for it in found if isinstance(it, Unreadable)]
    assert "two documents have the identifier" in problem


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "They said “yes” – at €5"),
        ("gb2312", "gb18030", "朱镕基会见了部长 “好” 镕"),
        ("GBK", "gb18030", "朱镕基会见了部长 镕"),
        ("big5", "big5", "兩位部長通了電話"),
        ("us-ascii", "cp1252", "They said “yes”"),
        ("utf-16", "utf-8", "They said “yes”"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, encoding: str, text: str) -> None:
    xml = f'\n  <?xml version="1.0" encoding="{label}"?>' + rss(item("1", text)).decode()
    assert text in one(xml.encode(encoding), "a.xml").body
    page = f'<html><head><meta charset="{label}"></head><body><article><p>{text}. {CALL}</p><p>{CALL * 3}</p></article></body></html>'
    assert text in one(page.encode(encoding), "a.html").body


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<rss><channel>", "is no XML"),
        ("<map/>", "no RSS or Atom"),
        ('<?xml version="1.0" encoding="no-such-thing"?><rss/>', "encoding"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>', "entities"),
        ('<!DOCTYPE rss SYSTEM "file:///etc/hostname"><rss/>', "document type"),
    ],
)
def test_xml_that_is_no_safe_feed(xml: str, words: str) -> None:
    assert words in problem(xml.encode(), "a.xml")


def test_json_lines() -> None:
    records = [
        {
            "text": CALL,
            "title": "Call",
            "date": "2031-03-04",
            "url": "https://office.example/1",
            "n": {"a": 1},
        },
        {"body": "They agreed.", "id": 7},
    ]
    lines = "\n\n".join(json.dumps(record) for record in records).encode()
    first, second = read.read_bytes(lines, "all.jsonl", max_bytes=LIMIT)
    assert (first.body, first.title, first.published) == (CALL, "Call", "2031-03-04")
    assert first.id.startswith("all-")
    assert (second.body, second.id) == ("They agreed.", "7")


def test_a_line_that_cannot_be_read_harms_no_other() -> None:
    lines = [
        b'{"text": "First."}',
        b'{"text": "a\\u0000"}',
        b"{",
        b'{"text": "Number.", "n": ' + b"9" * 5000 + b"}",
        b'{"text": "' + b"x" * LIMIT + b'"}',
        b"[" * 5000,
        b'{"text": 5}',
        b'{"id": 7, "text": "Last.", "tags": ["a"], "page": 3, "day": null}',
    ]
    found = each(b"\n".join(lines), "a.jsonl")
    bodies = {it.body: it for it in found if isinstance(it, Document)}
    assert [*bodies] == ["First.", "Number.", "Last."]
    assert [it.where for it in found if isinstance(it, Unreadable)] == [
        "a.jsonl:2",
        "a.jsonl:3",
        "a.jsonl:5",
        "a.jsonl:6",
        "a.jsonl:7",
    ]
    assert bodies["Number."].notes == ("the field 'n' is not used",)
    assert bodies["Last."].notes == (
        "the field 'page' is not used",
        "the field 'tags' holds no text, so it is not used",
    )
    assert bodies["Last."].id == "7"


def test_what_a_parser_raises_is_told_and_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> object:
        raise MemoryError("no more")

    monkeypatch.setattr("kg.read.document.heading.head", failing)
    assert each(CALL.encode(), "a.txt") == [Unreadable("a.txt", "cannot be read: MemoryError: no more")]


def test_identifiers_that_differ_in_their_signs_stay_apart() -> None:
    ids = {one(json.dumps({"id": id, "text": CALL}), "a.jsonl").id for id in ("a/b", "a b", "a.b", "a?b")}
    assert len(ids) == 4
    assert "a-b" in ids


def test_an_identifier_does_not_hang_on_the_line() -> None:
    line = json.dumps({"text": CALL}).encode()
    (_, second) = read.read_bytes(b'{"text": "Before."}\n' + line, "a.jsonl", max_bytes=LIMIT)
    assert second.id == one(line, "a.jsonl").id


def test_a_document_that_stands_twice_counts_once() -> None:
    line = json.dumps({"text": CALL, "id": "a"}).encode()
    assert one(line + b"\n" + line, "a.jsonl").id == "a"
    assert "'a'" in problem(line + b'\n{"id": "a", "text": "Other."}', "a.jsonl")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "is no JSON"),
        (b"[1]", "holds no text"),
        (b'{"text": " "}', "holds no text"),
        (b'{"text": "a\\u0000"}', "U+0000"),
        (b'{"text": "a\\ud800"}', "U+D800"),
        (b'{"text": "\xff"}', "0xFF"),
    ],
)
def test_a_line_that_cannot_be_read(line: bytes, words: str) -> None:
    message = problem(b'{"text": "Before."}\n' + line, "a.jsonl")
    assert message.startswith("a.jsonl:2: ")
    assert words in message


def test_the_limit_holds_for_a_line_not_for_the_file() -> None:
    lines = b"".join(json.dumps({"text": f"Call {number}."}).encode() + b"\n" for number in range(20))
    assert len(list(read.read_bytes(lines, "a.jsonl", max_bytes=30))) == 20
    assert problem(lines, "a.jsonl", max_bytes=10).startswith("a.jsonl:1: is larger than 10 bytes")


def pdf(*lines: str, title: str | None = None) -> bytes:
    """A PDF of one page with these lines."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    content = f"BT /F 12 Tf 14 TL 72 720 Td {shown} ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Title({title or ''})>>".encode(),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 7/Root 1 0 R/Info 6 0 R>>"
    return data + b"xref\n0 7\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF" % (
        table,
        trailer,
        len(data),
    )


def test_pdf() -> None:
    lines = (
        "Ministers Speak",
        "The two ministers spoke by phone about the price of",
        "rare earths.",
        "They agreed.",
    )
    document = one(pdf(*lines, title="Ministers Speak"), "2031-03-04-call.pdf")
    assert "about the price of rare earths.\nThey agreed." in document.body
    assert (document.title, document.published) == ("Ministers Speak", "2031-03-04")
    assert document.title_passage is not None


def test_a_title_that_a_program_gave_a_pdf_is_not_believed() -> None:
    assert one(pdf("They agreed.", title="scan0001.docx"), "a.pdf").title is None


def test_pdfs_that_cannot_be_read() -> None:
    assert "no PDF" in problem(b"%PDF-1.4 nothing else", "a.pdf")
    assert "text recognition" in problem(pdf(), "a.pdf")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("They agreed."))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    assert "encrypted" in problem(locked.getvalue(), "a.pdf")


def test_the_media_type_goes_before_the_suffix() -> None:
    assert (
        one(f"---\ntitle: T\n---\n{CALL}", "upload", media_type="text/markdown; charset=utf-8").title == "T"
    )


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (CALL.encode(), CALL),
        (f"---\ntitle: T\n---\n{CALL}".encode(), CALL),
        (json.dumps({"text": CALL}).encode(), CALL),
        (pdf(CALL), f"{CALL}\n"),
    ],
)
def test_the_format_of_standard_input_is_told_from_its_start(data: bytes, body: str) -> None:
    assert one(data, "-").body == body


# ── Input that is refused ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "note.txt: is empty; a document needs a text"),
        (b" \n", "note.txt: holds nothing but white space; a document needs a text"),
        (b"One.\nTwo \x92.", "note.txt:2: byte 0x92 is not UTF-8; save the file as UTF-8"),
        (b"One.\n\x0cTwo.", "note.txt:2: the control character U+000C cannot be stored; remove it"),
        (b"One.\n\x0bTwo.", "note.txt:2: the control character U+000B cannot be stored; remove it"),
    ],
)
def test_text_that_cannot_be_read(data: bytes, message: str) -> None:
    assert problem(data) == message


def test_binary_data() -> None:
    assert "is binary" in problem(b"PK\x03\x04\x00\x00")
    assert "0x8B" in problem(gzip.compress(b"", mtime=1).replace(b"\0", b""))


@pytest.mark.parametrize("suffix", sorted(read.FORMATS))
def test_a_document_that_is_too_large(suffix: str) -> None:
    assert "is larger than 100 bytes" in problem(b"x" * 101, f"a{suffix}", max_bytes=100)


def test_an_unknown_format() -> None:
    assert "suffix '.docx' is not read; known are .txt" in problem(b"x", "a.docx")
    assert "no suffix" in problem(b"x", "README")


@pytest.mark.parametrize(("path", "words"), [("none.txt", "No such file"), (".", "directory")])
def test_a_path_that_cannot_be_opened(tmp_path: Path, path: str, words: str) -> None:
    with pytest.raises(UnreadableDocumentError, match=words):
        list(read.read(tmp_path / path, max_bytes=LIMIT))


# ── Finding files ────────────────────────────────────────────────────────────


def test_find_walks_folders_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/y.PDF", "a/.hidden.txt", ".git/x.txt", "c.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(CALL)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "picture.PNG").write_bytes(b"")
    skipped: list[Skipped] = []
    found = [path.relative_to(tmp_path).as_posix() for path in read.find([tmp_path], skipped=skipped.append)]
    assert found == ["a/y.PDF", "a/z.md", "b.txt"]
    assert [(it.path.name, it.reason, it.is_loss) for it in skipped] == [
        ("loop", "is a link to a folder, which is not followed", False),
        ("c.docx", "files of the suffix '.docx' are not read", True),
        ("picture.PNG", "files of the suffix '.PNG' are not read", False),
    ]


def test_links_are_followed_only_where_they_stay_in_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "corpus", tmp_path / "secret"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.txt").write_text(CALL)
    (inside / "b.txt").symlink_to(outside / "a.txt")
    (inside / "c.txt").symlink_to(inside / "a.txt")
    (inside / "d.txt").symlink_to("e.txt")
    (inside / "e.txt").symlink_to("d.txt")
    (inside / "f.txt").symlink_to("nothing.txt")
    (inside / "g").symlink_to(outside)
    os.mkfifo(inside / "h.txt")
    skipped: list[Skipped] = []
    assert [*read.find([inside], skipped=skipped.append)] == [inside / "a.txt"]
    assert {it.path.name: it.reason for it in skipped} == {
        "b.txt": "is a link out of the folder, which is not followed",
        "d.txt": "is a link that leads in a circle",
        "e.txt": "is a link that leads in a circle",
        "f.txt": "is a link that leads nowhere",
        "g": "is a link to a folder, which is not followed",
        "h.txt": "is no file but a device or a pipe",
    }
    assert all(it.is_loss for it in skipped)
    followed = [path.resolve() for path in read.find([inside], follow_links=True)]
    assert followed == [inside / "a.txt", outside / "a.txt"]
    assert [*read.find([inside / "b.txt"])] == [inside / "b.txt"]
    with pytest.raises(InputError, match="leads in a circle"):
        [*read.find([inside / "d.txt"])]


def test_find_gives_what_is_named(tmp_path: Path) -> None:
    named = tmp_path / "c.docx"
    named.write_text(CALL)
    assert list(read.find([named, Path("-"), named])) == [named, Path("-")]


def test_find_tells_of_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read.find([tmp_path / "none"]))


@pytest.mark.parametrize(
    "text",
    [
        '{"headline": "Talks", "content": "They met in Geneva.", "url": "https://example.org/1"}',
        '[{"headline": "Talks", "content": "They met in Geneva.", "url": "https://example.org/1"}]',
        '{"status": "ok", "items": [{"headline": "Talks", "content": "They met in Geneva.", "url": "https://example.org/1"}]}',
        '{\n  "headline": "Talks",\n  "content": "They met in Geneva.",\n  "url": "https://example.org/1"\n}',
        '{"headline": "Talks", "content": "They met in Geneva.", "url": "https://example.org/1"}\n',
    ],
)
def test_json_is_read_in_the_forms_in_which_it_is_published(text: str) -> None:
    [found] = read.read_bytes(text.encode(), "articles.json", max_bytes=10_000)
    told = found.title, found.body, found.url
    assert told == ("Talks", "They met in Geneva.", "https://example.org/1")


def test_bad_record_of_a_json_array_harms_no_other(tmp_path: Path) -> None:
    file = tmp_path / "articles.json"
    file.write_text('[{"content": "They met."}, {"title": "Nothing"}, 5, {"content": "They called."}]')
    found = [*read.each(file, max_bytes=10_000)]
    assert [it.body for it in found if isinstance(it, Document)] == ["They met.", "They called."]
    assert [it.where for it in found if isinstance(it, read.Unreadable)] == [
        f"{file}, record {n}" for n in (2, 3)
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "[]", "5", "[" + "9" * 6_000 + "]"])
def test_json_without_a_document_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "articles.json"
    file.write_text(text)
    found = [*read.each(file, max_bytes=1_000_000)]
    assert all(isinstance(it, read.Unreadable) for it in found)
    assert len(found) == 1
