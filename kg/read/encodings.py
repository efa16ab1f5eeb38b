"""The encodings that pages and feeds declare, read as browsers read them (WHATWG Encoding Standard).

What a label says is not what is meant: pages that say `iso-8859-1` hold the curly quotes of windows-1252, and
those that say `gb2312` hold characters that only GB18030 has.
"""

import re

__all__ = ["decode"]

_WINDOWS_1252 = "windows-1252"
_MEANT = {
    _WINDOWS_1252: ("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1",
                    "cp819", "ansi_x3.4-1968", "cp1252", "x-cp1252"),
    "gb18030": ("gb2312", "gb_2312-80", "gb_2312", "csgb2312", "iso-ir-58", "gbk", "x-gbk", "chinese",
                "cp936"),
    "big5hkscs": ("big5", "big5-hkscs", "cn-big5", "csbig5", "x-x-big5"),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j"),
    "cp949": ("euc-kr", "ks_c_5601-1987", "ksc5601", "korean", "windows-949"),
    "cp1254": ("iso-8859-9", "latin5"),
    "cp874": ("tis-620", "iso-8859-11", "windows-874"),
    "utf-8": ("utf8", "utf-8", "unicode-1-1-utf-8", "utf-16", "utf-16le", "utf-16be"),  # the last by a mark
}  # fmt: skip
_NAMES = {label: name for name, labels in _MEANT.items() for label in labels}
_UPPER_HALF = {
    byte: ord(bytes([byte]).decode("cp1252"))
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # which stay the control characters that they are
}
_LABEL = re.compile(r"[\w.:+-]{1,40}")


def decode(data: bytes, label: str) -> str:
    """`data` in the encoding that a label means.

    Raises:
        LookupError: there is no such encoding.
        UnicodeDecodeError: the data are in another one.
    """
    label = label.strip().lower()
    if not _LABEL.fullmatch(label):
        raise LookupError(f"unknown encoding: {label[:40]}")
    name = _NAMES.get(label, label)
    if name == _WINDOWS_1252:
        return data.decode("latin-1").translate(_UPPER_HALF)
    text = data.decode(name)
    if not isinstance(text, str):  # Python has codecs of other kinds under such names
        raise LookupError(f"unknown encoding: {label}")
    return text
