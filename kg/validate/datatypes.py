"""Whether the words of a literal belong to its datatype, by the letter of XML Schema.

rdflib knows the values of some datatypes, takes some forms that the standard does not, and takes any words
for a datatype that it has no values of, such as `xsd:gYear`.
"""

import re

from rdflib import XSD, Literal, URIRef

_ZONE = r"(Z|[+-]([01]\d|2[0-4]):[0-5]\d)?"
_YEAR, _MONTH, _DAY = r"-?(0\d{3}|[1-9]\d{3,})", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-4]):[0-5]\d:[0-5]\d(\.\d+)?"
_CLOCK = r"T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?"
_INTEGER, _DECIMAL = r"[+-]?\d+", r"[+-]?(\d+(\.\d*)?|\.\d+)"
_DOUBLE = rf"{_DECIMAL}([eE][+-]?\d+)?|[+-]?INF|NaN"
_ANY, _LINE = r"[\s\S]*", r"[^\r\n\t]*"
_NAME = r"[^\W\d][\w.\-]*"
_FORMS = {
    "anyURI": r"[^\s<>\"{}|\\^`]*",
    "base64Binary": r"[A-Za-z0-9+/=\s]*",
    "boolean": r"true|false|1|0",
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(Z|[+-]\d\d:\d\d)",
    "dayTimeDuration": rf"-?P(?=.)(\d+D)?({_CLOCK})?",
    "decimal": _DECIMAL,
    "double": _DOUBLE,
    "duration": rf"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?({_CLOCK})?",
    "float": _DOUBLE,
    "gDay": rf"---{_DAY}{_ZONE}",
    "gMonth": rf"--{_MONTH}{_ZONE}",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}",
    "gYear": rf"{_YEAR}{_ZONE}",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
    "hexBinary": r"([0-9a-fA-F]{2})*",
    "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "normalizedString": _LINE,
    "string": _ANY,
    "time": rf"{_TIME}{_ZONE}",
    "token": r"(\S+( \S+)*)?",
    "yearMonthDuration": r"-?P(?=.)(\d+Y)?(\d+M)?",
    **dict.fromkeys(("Name", "NCName", "NMTOKEN"), _NAME),
    **dict.fromkeys(
        ("byte", "int", "integer", "long", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger",
         "positiveInteger", "short", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
        _INTEGER,
    ),
}  # fmt: skip
_XSD = str(XSD)
_FORM_BY_DATATYPE = {
    URIRef(f"{_XSD}{name}"): re.compile(form, 0 if form == _NAME else re.ASCII)
    for name, form in _FORMS.items()
}


def is_well_formed(literal: Literal) -> bool:
    """Whether the words of a literal belong to its datatype; any do if it is not XML Schema's."""
    datatype = literal.datatype
    if datatype is None or not datatype.startswith(_XSD):
        return True
    form = _FORM_BY_DATATYPE.get(datatype)
    return form is not None and form.fullmatch(literal) is not None and literal.ill_typed is not True
