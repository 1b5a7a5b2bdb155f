"""The digests of a reader who follows twenty studies through their histories read as written with care."""

import re

import pytest

from service.system import System
from tests.integration.digests.history_walk import GOLDEN, golden, walk

pytestmark = pytest.mark.slow

RULE = "-" * 72
#: Not allowed in a sentence to a reader: a program's words, marks of the wire, a number that doesn't fit.
UNFIT = re.compile(
    r"\bNone\b|\bnull\b|[{}]|&\w+;|<\w+>|[A-Z]+_[A-Z]+"
    r"|\b1 (?:sites|people|were|are|participants|places|lines)\b"
)


async def test_every_digest_of_a_long_history_is_readable(system: System) -> None:
    reported = await walk(system)
    assert len(reported) == 8
    assert golden(reported[-1]) == GOLDEN.read_text()
    for text in reported:
        assert UNFIT.findall(text) == []
        studies = text.split(RULE)[1:-1]
        assert len(studies) == len({re.findall(r"Registry number: (\S+)", study)[0] for study in studies})
        for study in studies:
            sentences = re.findall(
                r"^(?:- )?(The registry .*|The planned .*|A site .*)$", study, re.MULTILINE
            )
            assert len(sentences) == len(set(sentences))
            assert len(study.splitlines()) < 75
