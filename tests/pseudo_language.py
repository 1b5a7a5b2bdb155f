"""A language in which every message is its English with accents: text without accents was never marked."""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from service import languages
from service.mail.render import digest, templates
from service.web import pages

ROOT = Path(__file__).resolve().parents[1]

#: Unchanged parts: placeholders, markup, addresses.
_KEPT = re.compile(r"(%\(\w+\)s|\{\w*\}|<[^<>]*>|&\w+;)")
_ACCENTS = str.maketrans("aeioucntsrlyAEIOUCNTSRLY", "áéíóúčňťšřľýÁÉÍÓÚČŇŤŠŘĽÝ")


def extract(target: Path) -> None:
    """Writes the sentences of the whole source to `target`, as `make messages` does."""
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "--ignore-dirs", ".*"]
    command += ["-F", str(languages.LOCALES / "babel.cfg"), "-o", str(target), "."]
    subprocess.run(command, cwd=ROOT, check=True)


def accent(message: str) -> str:
    """The message with each letter accented, but for its placeholders and markup."""
    pieces = _KEPT.split(message)
    return "".join(piece if number % 2 else piece.translate(_ACCENTS) for number, piece in enumerate(pieces))


def plain_words(text: str) -> list[str]:
    """The words of a text that no catalogue has accented; addresses and names of files are none."""
    text = re.sub(r"\S*(?:://|@|example\.org)\S*", "", text)
    return re.findall(r"\b[a-zA-Z]*[aeiou][a-zA-Z]*\b", text)


@pytest.fixture(scope="session")
def fresh_messages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sentences of the source as it is now."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    extract(target)
    return target


@pytest.fixture
def accented(tmp_path: Path, fresh_messages: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The code of a language beside English, whose formats are Italian and whose sentences are accented."""
    with fresh_messages.open("rb") as source:
        catalog = read_po(source, locale="it")
    for message in catalog:
        if message.id:
            single = isinstance(message.id, str)
            message.string = accent(message.id) if single else tuple(map(accent, message.id))
    target = tmp_path / "locales" / "it" / "LC_MESSAGES" / "messages.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_po(file, catalog)
    monkeypatch.setattr(languages, "LOCALES", tmp_path / "locales")
    forget()
    yield "it"
    monkeypatch.undo()
    forget()


def forget() -> None:
    """Empties every cache that depends on the catalogues."""
    for cached in (
        languages._catalogues,
        languages.supported,
        languages.language,
        templates.environment,
        templates.mail_template,
        digest._digest_frame,
        pages.environment,
    ):
        cached.cache_clear()
    fragments = digest._FRAGMENTS
    fragments._newer, fragments._older, fragments._newer_size = {}, {}, 0


@cache
def sentences(code: str) -> tuple[str, ...]:
    """The sentences of a language that are long enough to differ from those of another, without values."""
    path = languages.LOCALES / ("messages.pot" if code == "en" else f"{code}/LC_MESSAGES/messages.po")
    with path.open("rb") as file:
        messages = [message.id if code == "en" else message.string for message in read_po(file) if message.id]
    every = [text for forms in messages for text in ([forms] if isinstance(forms, str) else forms)]
    every = [languages.unbroken(text) for text in every]
    return tuple(text for text in every if len(text) > 12 and not re.search(r"[{%<]", text))
