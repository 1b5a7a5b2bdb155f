"""Values, fields, bodies, paths and headers that some part of a web service stumbles over."""

#: Values that some part of a web service stumbles over.
ODD = {
    "NUL": "\0",
    "NUL within": "condition:leuk\0emia",
    "controls": "a\x01\x0b\x0c\x1c\x1f\x7f\x85b",
    "line ends": "a\r\nX-Injected: yes\r\n\r\nb",
    "half an emoji": "trial:NCT04787263\ud83e",
    "right to left": "\u202ecod.exe\u2066\u200f",
    "beyond ASCII": "https://www.example.org/пробы?q=страница#ж",
    "a host beyond ASCII": "https://www.exämple.org/",
    "an open bracket": "https://[::1/",
    "a mark and a joiner": "\ufeff\u200d\u0301",
    "beyond the planes": "\U0010ffff\U000e0001",
    "long": "x" * 30_000,
    "long words": "a b " * 3_000,
    "a large number": "9" * 60,
    "a negative number": "-1",
    "not a number": "NaN",
    "wildcards": "%_\\'\";--",
    "an early day": "0001-01-01",
    "a late day": "9999-12-31",
    "no day": "2026-02-30",
}


#: Every field that some form or document has.
FIELDS = """
email topic accept_terms terms_version frequency locale timezone return_to challenge website named
again filters countries only_open kinds age small_changes do subscription hour weekday until
discreet q scope shown version text material pause_at pause_days before limit state reason
asked_by_person token id news confirm said done
""".split()  # noqa: SIM905


#: Values of the button that a form was sent by.
ACTIONS = ("follow", "search", "save", "unfollow", "confirm", "decline", "pause", "resume")

#: Forms that are none, or odd ones.
BODIES = {
    "an unknown character set": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=x-unknown'
        b"\r\n\r\nalice@example.org\r\n--b--\r\n",
    ),
    "a character set that decodes nothing": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=undefined'
        b"\r\n\r\nalice@example.org\r\n--b--\r\n",
    ),
    "a character set of bytes": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=hex'
        b"\r\n\r\nalice@example.org\r\n--b--\r\n",
    ),
    "escapes": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; '
        b"charset=unicode_escape\r\n\r\n\\ud83e\r\n--b--\r\n",
    ),
    "an odd name": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data; name*=x-unknown''%ff; filename*=utf-8''%00\r\n\r\na"
        b"\r\n--b--\r\n",
    ),
    "no name": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data\r\n\r\na\r\n--b--",
    ),
    "a header that is none": ("multipart/form-data; boundary=b", b"--b\r\n\xff\xfe\0\r\n\r\na\r\n--b--\r\n"),
    "no end": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n"),
    "no boundary": ("multipart/form-data", b"--b--\r\n"),
    "an empty boundary": ("multipart/form-data; boundary=", b"----\r\n"),
    "a file": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\n\xff\0\r\n--b--\r\n',
    ),
    "no UTF-8": ("application/x-www-form-urlencoded", b"email=\xff\xfe&topic=%ED%A0%BE&%FF=%00&=&&;"),
    "bad escapes": ("application/x-www-form-urlencoded", b"email=%&topic=%zz&q=%0&do=%u1234&%=%"),
    "a thousand fields": ("application/x-www-form-urlencoded", b"&".join([b"topic=a"] * 1_001)),
    "half an emoji in JSON": (
        "application/json",
        b'{"email": "\\ud83e", "topic": ["\\udd16"], "text": "\\ud83e"}',
    ),
    "NUL in JSON": ("application/json", b'{"email": "\\u0000", "version": "\\u0000", "text": "\\u0000"}'),
    "a byte order mark": ("application/json", b'\xef\xbb\xbf{"email": "a@b.example", "topic": []}'),
    "no UTF-8 in JSON": ("application/json", b'{"email": "\xff"}'),
    "nested JSON": ("application/json", b"[" * 50_000),
    "nested objects": ("application/json", b'{"filters":' * 5_000 + b"1" + b"}" * 5_000),
    "a list": ("application/json", b"[1, null]"),
    "null": ("application/json", b"null"),
    "a long number": ("application/json", b'{"email": 1e999, "topic": ' + b"9" * 5_000 + b"}"),
    "an odd media type": ("application/json; charset=x-unknown", b"{}"),
    "an odder media type": ("text/\xff; =;;", b"{}"),
}


PATHS = [
    "%00",
    "%FF",
    "%ZZ",
    "%",
    "%C0%80",
    "%ED%A0%BE",
    "..%2f..%2fapp.py",
    "x" * 20_000,
    "-1",
    "9" * 40,
    "%0A%0D",
]


HEADERS = """
accept accept-language accept-encoding origin referer user-agent x-forwarded-for forwarded content-
length cookie authorization host content-encoding if-none-match range webhook-id webhook-timestamp
webhook-signature access-control-request-method access-control-request-headers x-forwarded-proto
""".split()  # noqa: SIM905


VALUES = [
    b"",
    b"\xff\xfe\0",
    b';;=,,"',
    b"x" * 20_000,
    b"-1",
    "Ж".encode(),
    b"a\x0b\x0c\x1c",
    b"9" * 400,
    b"Bearer ",
    b"*",
]
