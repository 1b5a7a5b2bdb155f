"""A cache of encoded trial blocks, so that a block sent to many people is rendered once per language."""

from dataclasses import dataclass
from secrets import token_hex

from cachetools import LRUCache

from service.domain.delivery.kinds import MailKind
from service.domain.digests.blocks import TrialBlock
from service.mail.message.mime import piece
from service.mail.render.templates import mail_template

#: Placeholder of the subscriber's link while a block is encoded; random, so no trial's text contains it.
_LINK = token_hex(16)
#: Octets of HTML reserved for such a link.
_LINK_SIZE = 200


@dataclass(frozen=True, slots=True)
class Fragment:
    """One trial block in both encodings; `html_size` is the size in octets of the HTML before encoding.

    The pieces surround the subscriber's unsubscribe link; a block without that link is one piece.
    """

    text: tuple[bytes, ...]
    html: tuple[bytes, ...]
    html_size: int

    @property
    def size(self) -> int:
        return sum(map(len, self.text)) + sum(map(len, self.html))


class FragmentCache:
    """An LRU cache of fragments by (block key, shape, language).

    `limit` is in octets. Templates never change while a process runs, so they are not part of the key.
    """

    def __init__(self, limit: int) -> None:
        self._fragments: LRUCache[tuple[str, str, str], Fragment] = LRUCache(limit, getsizeof=_size)

    @property
    def size(self) -> int:
        """The octets of all fragments in the cache."""
        return int(self._fragments.currsize)

    def get(self, block: TrialBlock, shape: str, language: str) -> Fragment:
        """The block encoded in its `full` or `brief` shape."""
        key = (block.key, shape, language)
        fragment = self._fragments.get(key)
        if fragment is None:
            fragment = encode(block, shape, language)
            if fragment.size <= self._fragments.maxsize:
                self._fragments[key] = fragment
        return fragment


def _size(fragment: Fragment) -> int:
    return fragment.size


def encode(block: TrialBlock, shape: str, language: str) -> Fragment:
    """The block rendered by the digest's template block of that name, and encoded."""
    template = mail_template(MailKind.DIGEST, language)
    text, html = template.block(shape, {"trial": block, "unsubscribe_url": _LINK})
    texts, htmls = (
        tuple(piece(part) for part in words.split(_LINK)) if block.asks_to_stop else (piece(words),)
        for words in (text, html)
    )
    return Fragment(texts, htmls, len(html.encode()) + _LINK_SIZE * (len(htmls) - 1))
