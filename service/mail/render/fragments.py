"""A cache of encoded trial blocks, so that a block sent to many people is rendered once per language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import NamedTuple

from service.domain.delivery.kinds import MailKind
from service.domain.design import Website
from service.domain.digests.blocks import TrialBlock
from service.mail.message.mime import piece
from service.mail.message.sender_profile import SenderProfile
from service.mail.render.templates import mail_template

#: Placeholder of a stop link while a block is encoded, and the place of its topic among the block's topics;
#: random, so no trial's text contains it.
_LINK = token_hex(16)
_PLACE = re.compile(rf"{_LINK}(\d+);")
#: Octets of HTML reserved for such a link.
_LINK_SIZE = 200


#: Block key, shape, language, frame.
_Key = tuple[str, str, str, SenderProfile]


class Encoded(NamedTuple):
    """Encoded text in pieces, with gaps: empty pieces, each for the link that stops a topic."""

    pieces: tuple[bytes, ...]
    gaps: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """One trial block in both encodings, in the shapes that a mail shows together.

    `glance_text` and `glance_html` are its line in the list at the top. `html_size` is the size of the HTML
    in octets before encoding, with that line.
    """

    text: Encoded
    html: Encoded
    glance_text: bytes
    glance_html: bytes
    html_size: int

    @property
    def size(self) -> int:
        pieces = (*self.text.pieces, *self.html.pieces, self.glance_text, self.glance_html)
        return sum(map(len, pieces))


class FragmentCache:
    """A cache of fragments by (block key, shape, language, frame), of at most `limit` octets.

    In two halves: fragments used since the newer half was begun, and the others. When the newer half is full,
    it becomes the older one, whose fragments are dropped. A hit is one look-up in a dict, of which each mail
    makes several. Templates never change while a process runs, so they are not part of the key.
    """

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._newer: dict[_Key, Fragment] = {}
        self._older: dict[_Key, Fragment] = {}
        self._newer_size = 0

    @property
    def size(self) -> int:
        """The octets of all fragments in the cache."""
        return self._newer_size + sum(fragment.size for fragment in self._older.values())

    def get(self, block: TrialBlock, shape: str, language: str, frame: SenderProfile) -> Fragment:
        """The block encoded in its `full` or `brief` shape, in the colours of the frame's website."""
        key = (block.key, shape, language, frame)
        fragment = self._newer.get(key)
        if fragment is None:
            fragment = self._older.pop(key, None) or encode(block, shape, language, frame.website)
            self._keep(key, fragment)
        return fragment

    def _keep(self, key: _Key, fragment: Fragment) -> None:
        size = fragment.size
        if size > self._half:
            return
        if self._newer_size + size > self._half:
            self._older, self._newer, self._newer_size = self._newer, {}, 0
        self._newer[key] = fragment
        self._newer_size += size


def encode(block: TrialBlock, shape: str, language: str, website: Website) -> Fragment:
    """The block rendered by the digest's template block of that name, and encoded."""
    template = mail_template(MailKind.DIGEST, language, website)
    stop_urls = {topic: f"{_LINK}{place};" for place, topic in enumerate(block.topics)}
    names = (shape,) if shape == "brief" else (shape, "glance")
    found = template.blocks(names, {"trial": block, "stop_urls": stop_urls})
    text, html = found[0]
    glance_text, glance_html = found[1] if len(found) > 1 else ("", "")
    texts, htmls = _encoded(text, block.topics), _encoded(html, block.topics)
    size = len(html.encode()) + len(glance_html.encode()) + _LINK_SIZE * len(htmls.gaps)
    return Fragment(texts, htmls, piece(glance_text), piece(glance_html), size)


def _encoded(words: str, topics: Sequence[str]) -> Encoded:
    parts = _PLACE.split(words)
    pieces = [b"" if place % 2 else piece(part) for place, part in enumerate(parts)]
    gaps = [(place, topics[int(parts[place])]) for place in range(1, len(parts), 2)]
    return Encoded(tuple(pieces), tuple(gaps))
