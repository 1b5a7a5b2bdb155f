"""`registry convert` keeps every study of a file with invalid characters."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.cli.registry.convert import convert

STUDIES = sorted((Path(__file__).parents[2] / "data" / "registry" / "studies").glob("*.json"))[:2]


@pytest.mark.parametrize("shape", ["page", "array", "lines"])
def test_a_cut_emoji_and_a_byte_order_mark_drop_no_study(tmp_path: Path, shape: str) -> None:
    first, second = (json.loads(path.read_text("utf-8")) for path in STUDIES)
    first["protocolSection"]["identificationModule"]["briefTitle"] += " @"
    parts = {
        "page": json.dumps({"studies": [first, second]}),
        "array": json.dumps([first, second]),
        "lines": f"{json.dumps(first)}\n{json.dumps(second)}\n",
    }
    file = tmp_path / "page.json"
    file.write_bytes(b"\xef\xbb\xbf" + parts[shape].replace("@", "\\ud83e").encode())
    out = io.BytesIO()
    converted = convert([file], out, now=datetime.now(UTC), url="https://www.example.org/{nct_id}")
    assert (converted.count, converted.skipped) == (2, [])
    assert json.loads(out.getvalue().splitlines()[0])["data"]["title"].endswith(" \ufffd")
