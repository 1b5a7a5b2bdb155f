"""The digest's fast path: a frame encoded once, with holes for cached trial blocks and one person's links.

`render` in compose.py says the same through the templates alone; a test proves that both agree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import escape

from service.domain.digests.blocks import TrialBlock
from service.mail.message import headers, mime
from service.mail.message.kinds import Digest
from service.mail.message.mime import link_piece, piece
from service.mail.message.sender_profile import SenderProfile, link
from service.mail.render.fragments import Fragment, FragmentCache
from service.mail.render.templates import Rendered, environment, mail_template
from service.mail.render.text import wrap

# HTML of more than about 100 KB is cut by mail programs (size of HTML). What is left is for the frame.
ROOM_FOR_BLOCKS = 80_000
ROOM_FOR_FULL_BLOCKS_WHEN_SHORTENED = 60_000
LARGEST_FULL_BLOCK = 30_000

_FRAGMENTS = FragmentCache(limit=48_000_000)
_LINKS = frozenset(("preferences_url", "unsubscribe_url", "whole_url"))
_HOLE = re.compile("\ue000([a-z_]+)\ue001")
_BLOCK_HOLES = "{%% extends 'digest/%s' %%}" + "".join(
    f"{{%% block {name} %%}}\ue000{name}\ue001{{%% endblock %%}}" for name in ("trials", "briefs")
)


class Selection(NamedTuple):
    """How a digest fits: blocks in full, blocks by title and link alone, and how many are only counted.

    `fragments` are those of the blocks in full, then of those in brief.
    """

    full: Sequence[TrialBlock]
    brief: Sequence[TrialBlock]
    hidden: int
    fragments: Sequence[Fragment]

    @property
    def counts(self) -> dict[str, int]:
        """How many blocks are shown in which way, as the templates name them."""
        return {"full": len(self.full), "brief": len(self.brief), "hidden": self.hidden}


def select(blocks: Sequence[TrialBlock], language: str) -> Selection:
    """All blocks in full when they fit; otherwise the first in full, then as many as fit in brief."""
    fragments = []
    room = ROOM_FOR_BLOCKS
    for block in blocks:
        fragment = _FRAGMENTS.get(block, "full", language)
        room -= fragment.html_size
        if room < 0 or fragment.html_size > LARGEST_FULL_BLOCK:
            return _shortened(blocks, language)
        fragments.append(fragment)
    return Selection(blocks, (), 0, fragments)


def _shortened(blocks: Sequence[TrialBlock], language: str) -> Selection:
    """For blocks that don't all fit in full. The largest ones are shown in brief, whatever room there is."""
    full: list[TrialBlock] = []
    rest: list[TrialBlock] = []
    brief: list[TrialBlock] = []
    fragments: list[Fragment] = []
    used = 0
    for position, block in enumerate(blocks):
        fragment = _FRAGMENTS.get(block, "full", language)
        if fragment.html_size > LARGEST_FULL_BLOCK:
            rest.append(block)
        elif used + fragment.html_size > ROOM_FOR_FULL_BLOCKS_WHEN_SHORTENED:
            rest.extend(blocks[position:])
            break
        else:
            full.append(block)
            fragments.append(fragment)
            used += fragment.html_size
    for block in rest:
        fragment = _FRAGMENTS.get(block, "brief", language)
        used += fragment.html_size
        if used > ROOM_FOR_BLOCKS:
            break
        brief.append(block)
        fragments.append(fragment)
    return Selection(full, brief, len(rest) - len(brief), fragments)


def digest_values(mail: Digest, language: str) -> dict[str, Any]:
    """What the digest's templates need beside the mail's own fields."""
    selection = select(mail.blocks, language)
    shown = {"trials": selection.full, "briefs": selection.brief, "whole_url": link(mail.whole_url())}
    return {**shown, **selection.counts}


def digest_body(mail: Digest, frame: SenderProfile, language: str) -> list[bytes]:
    """The shared header lines and the body, to be joined: the frame's pieces, the fragments and the links.

    Raises ValueError when the link to the whole digest is shown and could not stand in a mail.
    """
    full, brief, hidden, fragments = select(mail.blocks, language)
    skeleton = _skeleton(
        frame, language, mail.frequency, mail.discreet, full=len(full), brief=len(brief), hidden=hidden
    )
    fillings: dict[str, tuple[list[bytes], list[bytes]]] = {}
    for name in skeleton.links:
        url = link(mail.whole_url()) if name == "whole_url" else getattr(mail, name)
        text = link_piece(url)
        fillings[name] = [text], [piece(str(escape(url))) if "&" in url or "'" in url else text]
    stop = fillings["unsubscribe_url"]
    fillings["trials"] = _both(fragments[: len(full)], stop)
    fillings["briefs"] = _both(fragments[len(full) :], stop)
    return skeleton.filled(fillings)


def _both(
    fragments: Sequence[Fragment], stop: tuple[list[bytes], list[bytes]]
) -> tuple[list[bytes], list[bytes]]:
    """The texts and the HTML of fragments, with the reader's unsubscribe link where a block has it."""
    texts: list[bytes] = []
    htmls: list[bytes] = []
    for fragment in fragments:
        for filled, pieces, url in ((texts, fragment.text, stop[0]), (htmls, fragment.html, stop[1])):
            filled.append(pieces[0])
            for following in pieces[1:]:
                filled += url
                filled.append(following)
    return texts, htmls


@dataclass(frozen=True, slots=True)
class DigestFrame:
    """Encoded pieces, each with the hole behind it: named, and 0 in the text part, 1 in HTML; and the end."""

    pieces: tuple[tuple[bytes, str, int], ...]
    end: bytes
    links: frozenset[str]

    def filled(self, fillings: Mapping[str, tuple[list[bytes], list[bytes]]]) -> list[bytes]:
        """The pieces in order, each hole filled by the texts or the HTML of that name."""
        filled = []
        for before, name, part in self.pieces:
            filled.append(before)
            filled += fillings[name][part]
        return [*filled, self.end]


@lru_cache(maxsize=256)
def _skeleton(
    frame: SenderProfile, language: str, frequency: str, discreet: bool, full: int, brief: int, hidden: int
) -> DigestFrame:
    """Everything of a digest that is the same for all who get as many blocks at this frequency."""
    words = _with_holes(frame, language, frequency, discreet, full, brief, hidden)
    shared = headers.common(frame, subject=words.subject, language=language, stream="digest", listed=True)
    pieces: list[tuple[bytes, str, int]] = []
    open_end = shared + mime.TEXT_START
    for part, source in enumerate((words.text, words.html)):
        for position, string in enumerate(_HOLE.split(source)):
            if position % 2:
                pieces.append((open_end, string, part))
                open_end = b""
            else:
                open_end += piece(string)
        open_end += mime.END if part else mime.HTML_START
    return DigestFrame(tuple(pieces), open_end, frozenset(name for _, name, _ in pieces) & _LINKS)


def _with_holes(
    frame: SenderProfile, language: str, frequency: str, discreet: bool, full: int, brief: int, hidden: int
) -> Rendered:
    """The digest's templates rendered with marks where blocks and links belong.

    The two template blocks that hold the trials are overridden by marks, as any child template could.
    No trial's words pass through here, so none can look like a mark.
    """
    values: dict[str, Any] = {name: f"\ue000{name}\ue001" for name in _LINKS}
    values |= {"frame": frame, "frequency": frequency, "discreet": discreet}
    values |= {"full": full, "brief": brief, "hidden": hidden}
    subject = mail_template("digest", language).subject.render(values).strip()
    values["subject"] = subject
    jinja = environment(language)
    text, html = (jinja.from_string(_BLOCK_HOLES % name).render(values) for name in ("body.txt", "body.mjml"))
    return Rendered(subject, wrap(text), html)
