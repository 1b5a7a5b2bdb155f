"""The word list (docs/words.md): no sentence that readers meet has a word that it rules out."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

WORDS = Path(__file__).parents[2] / "docs" / "words.md"

#: Sentences that name a thing as the API or a document names it.
_NAMED_OTHERWISE = ("trial:",)


def ruled_out() -> list[str]:
    """The last column of the list."""
    rows = [
        line.split("|") for line in WORDS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    return [word.strip() for row in rows[1:] for word in row[3].split(",")]


def sentences(path: Path) -> list[str]:
    """Every sentence that is translated, each plural form for itself."""
    with path.open("rb") as catalog:
        ids = [message.id for message in read_po(catalog) if message.id]
    return [text for found in ids for text in ((found,) if isinstance(found, str) else found)]


def test_no_sentence_has_a_word_that_is_ruled_out(fresh_messages: Path) -> None:
    words = ruled_out()
    assert {"settings", "rhythm", "newsletter", "you will hear no more"} <= set(words)
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    found = {
        text: match[0]
        for text in sentences(fresh_messages)
        if (match := pattern.search(re.sub(r"<[^>]*>|\{\w+\}|%\(\w+\)s", "", text)))
        and not any(n in text for n in _NAMED_OTHERWISE)
    }
    assert found == {}
