"""The digest's fast path: a frame encoded once, with holes for cached trial blocks and one person's links.

`render` in compose.py says the same through the templates alone; a test proves that both agree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import escape

from service.domain.digest import TrialBlock
from service.mail import headers, mime
from service.mail.fragments import Fragment, FragmentCache
from service.mail.frame import Frame, link
from service.mail.mails import Digest
from service.mail.mime import link_piece, piece
from service.mail.templates import Rendered, environment, mail_template
from service.mail.text import wrap

# HTML of more than about 100 KB is cut by mail programs (STANDARDS A12). What is left is for the frame.
ROOM_FOR_BLOCKS = 80_000
ROOM_FOR_FULL_BLOCKS_WHEN_SHORTENED = 60_000
LARGEST_FULL_BLOCK = 30_000

_FRAGMENTS = FragmentCache(limit=48_000_000)
_LINKS = frozenset(("preferences_url", "unsubscribe_url", "whole_url"))
_HOLE = re.compile("\ue000([a-z_]+)\ue001")
_BLOCK_HOLES = "{%% extends 'digest/%s' %%}" + "".join(
    f"{{%% block {name} %%}}\ue000{name}\ue001{{%% endblock %%}}" for name in ("trials", "briefs")
)


@dataclass(frozen=True, slots=True)
class Selection:
    """How a digest fits: blocks in full, blocks by title and link alone, and how many are only counted."""

    full: tuple[TrialBlock, ...]
    brief: tuple[TrialBlock, ...]
    hidden: int
    fragments: tuple[Fragment, ...]


def select(blocks: Sequence[TrialBlock], language: str) -> Selection:
    """All blocks in full when they fit; otherwise the first in full, then as many as fit in brief."""
    full, rest, used = _in_full(blocks, language, ROOM_FOR_BLOCKS)
    if not rest:
        return Selection(tuple(blocks), (), 0, tuple(fragment for _, fragment in full))
    full, rest, used = _in_full(blocks, language, ROOM_FOR_FULL_BLOCKS_WHEN_SHORTENED)
    brief: list[tuple[TrialBlock, Fragment]] = []
    for block in rest:
        fragment = _FRAGMENTS.get(block, "brief", language)
        used += fragment.html_size
        if used > ROOM_FOR_BLOCKS:
            break
        brief.append((block, fragment))
    return Selection(
        tuple(block for block, _ in full),
        tuple(block for block, _ in brief),
        len(rest) - len(brief),
        tuple(fragment for _, fragment in (*full, *brief)),
    )


def _in_full(
    blocks: Sequence[TrialBlock], language: str, room: int
) -> tuple[list[tuple[TrialBlock, Fragment]], list[TrialBlock], int]:
    full: list[tuple[TrialBlock, Fragment]] = []
    rest: list[TrialBlock] = []
    used = 0
    for position, block in enumerate(blocks):
        fragment = _FRAGMENTS.get(block, "full", language)
        if fragment.html_size > LARGEST_FULL_BLOCK:
            rest.append(block)
        elif used + fragment.html_size > room:
            rest.extend(blocks[position:])
            break
        else:
            full.append((block, fragment))
            used += fragment.html_size
    return full, rest, used


def digest_values(mail: Digest, language: str) -> dict[str, Any]:
    """What the digest's templates need beside the mail's own fields."""
    selection = select(mail.blocks, language)
    shown = {"trials": selection.full, "briefs": selection.brief, "whole_url": link(mail.whole_url())}
    return {**shown, **_counts(selection)}


def digest_body(mail: Digest, frame: Frame, language: str) -> list[bytes]:
    """The shared header lines and the body, to be joined: the frame's pieces, the fragments and the links.

    Raises ValueError when the link to the whole digest is shown and could not stand in a mail.
    """
    selection = select(mail.blocks, language)
    counts = _counts(selection)
    skeleton = _skeleton(frame, language, mail.frequency, mail.discreet, *counts.values())
    full, brief = selection.fragments[: counts["full"]], selection.fragments[counts["full"] :]
    fillings = {"trials": _both(full), "briefs": _both(brief)}
    for name in skeleton.links:
        url = link(mail.whole_url()) if name == "whole_url" else getattr(mail, name)
        text = link_piece(url)
        fillings[name] = [text], [piece(str(escape(url))) if "&" in url or "'" in url else text]
    return skeleton.filled(fillings)


def _both(fragments: Sequence[Fragment]) -> tuple[list[bytes], list[bytes]]:
    return [one.text for one in fragments], [one.html for one in fragments]


def _counts(selection: Selection) -> dict[str, int]:
    return {"full": len(selection.full), "brief": len(selection.brief), "hidden": selection.hidden}


@dataclass(frozen=True, slots=True)
class Skeleton:
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
    frame: Frame, language: str, frequency: str, discreet: bool, full: int, brief: int, hidden: int
) -> Skeleton:
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
    return Skeleton(tuple(pieces), open_end, frozenset(name for _, name, _ in pieces) & _LINKS)


def _with_holes(
    frame: Frame, language: str, frequency: str, discreet: bool, full: int, brief: int, hidden: int
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
