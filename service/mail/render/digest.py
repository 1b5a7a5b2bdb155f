"""The digest's fast path: an encoded frame with placeholders for cached trial blocks and personal links.

`render` in compose.py renders the same through the templates alone; a test proves that both agree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import escape

from service.domain.delivery.kinds import MAIL_KINDS, MailKind
from service.domain.digests.blocks import TrialBlock, covered_topics
from service.mail.message import mime
from service.mail.message.kinds import Digest
from service.mail.message.mime import link_piece, piece
from service.mail.message.sender_profile import SenderProfile, link
from service.mail.render.fragments import Fragment, FragmentCache
from service.mail.render.templates import Rendered, environment, mail_template
from service.mail.render.text import wrap

# Mail programs cut HTML of more than about 100 KB (docs/standards.md). The rest is for the frame.
ROOM_FOR_BLOCKS = 86_000
ROOM_FOR_FULL_BLOCKS_WHEN_SHORTENED = 64_000
LARGEST_FULL_BLOCK = 30_000

_FRAGMENTS = FragmentCache(limit=48_000_000)
_LINKS = frozenset(("preferences_url", "unsubscribe_url", "full_digest_url"))
_PLACEHOLDER = re.compile("\ue000([a-z_]+)\ue001")
_BLOCK_PLACEHOLDERS = "{%% extends 'digest/%s' %%}" + "".join(
    f"{{%% block {name} %%}}\ue000{name}\ue001{{%% endblock %%}}" for name in ("glances", "trials", "briefs")
)


class FittedDigest(NamedTuple):
    """A digest made to fit: blocks in full, in brief (title and link), and a count of hidden ones.

    `fragments` are those of the full blocks, then those of the brief ones.
    """

    full: Sequence[TrialBlock]
    brief: Sequence[TrialBlock]
    hidden: int
    fragments: Sequence[Fragment]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of full, brief and hidden blocks, by their names in the templates."""
        return {"full": len(self.full), "brief": len(self.brief), "hidden": self.hidden}


def fit(blocks: Sequence[TrialBlock], language: str, frame: SenderProfile) -> FittedDigest:
    """All blocks in full if they fit; otherwise the first ones in full, then as many in brief as fit."""
    fragments = []
    room = ROOM_FOR_BLOCKS
    for block in blocks:
        fragment = _FRAGMENTS.get(block, "full", language, frame)
        room -= fragment.html_size
        if room < 0 or fragment.html_size > LARGEST_FULL_BLOCK:
            return _shortened(blocks, language, frame)
        fragments.append(fragment)
    return FittedDigest(blocks, (), 0, fragments)


def _shortened(blocks: Sequence[TrialBlock], language: str, frame: SenderProfile) -> FittedDigest:
    """A digest whose blocks don't all fit in full; blocks above LARGEST_FULL_BLOCK are always brief."""
    full: list[TrialBlock] = []
    rest: list[TrialBlock] = []
    brief: list[TrialBlock] = []
    fragments: list[Fragment] = []
    used = 0
    for position, block in enumerate(blocks):
        fragment = _FRAGMENTS.get(block, "full", language, frame)
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
        fragment = _FRAGMENTS.get(block, "brief", language, frame)
        used += fragment.html_size
        if used > ROOM_FOR_BLOCKS:
            break
        brief.append(block)
        fragments.append(fragment)
    return FittedDigest(full, brief, len(rest) - len(brief), fragments)


def digest_values(mail: Digest, frame: SenderProfile, language: str) -> dict[str, Any]:
    """Values for the digest's templates besides the mail's own fields."""
    fitted = fit(mail.blocks, language, frame)
    shown = {
        "trials": fitted.full,
        "briefs": fitted.brief,
        "full_digest_url": link(mail.full_digest_url()),
        "stop_urls": {
            topic: mail.unsubscribe_url + stop_query(number)
            for number, topic in enumerate(covered_topics(mail.blocks))
        },
    }
    return {**shown, **fitted.counts}


def digest_body(mail: Digest, frame: SenderProfile, language: str) -> list[bytes]:
    """The shared header lines and the body as pieces to be joined: frame, fragments and links.

    Raises ValueError if the link to the full digest is shown and is not valid in a mail.
    """
    full, brief, hidden, fragments = fit(mail.blocks, language, frame)
    shape = _Shape(mail.frequency, mail.discreet, mail.is_first, len(full), len(brief), hidden)
    digest_frame = _digest_frame(frame, language, shape)
    fillings: dict[str, tuple[list[bytes], list[bytes]]] = {}
    for name in digest_frame.links:
        url = link(mail.full_digest_url()) if name == "full_digest_url" else getattr(mail, name)
        text = link_piece(url)
        fillings[name] = [text], [piece(str(escape(url))) if "&" in url or "'" in url else text]
    stops = _stop_links(mail.blocks, fillings["unsubscribe_url"])
    shown = fragments[: len(full)]
    fillings["glances"] = (
        [fragment.glance_text for fragment in shown],
        [fragment.glance_html for fragment in shown],
    )
    fillings["trials"] = _with_links(shown, stops)
    fillings["briefs"] = _with_links(fragments[len(full) :], stops) if brief else ([], [])
    return digest_frame.fill(fillings)


def stop_query(number: int) -> str:
    """The query of an unsubscribe link that offers one topic: its place in `covered_topics` of the digest."""
    return f"?topic={number}"


@lru_cache(maxsize=1024)
def _encoded_stop_query(number: int) -> bytes:
    return piece(stop_query(number))


def _stop_links(
    blocks: Sequence[TrialBlock], unsubscribe: tuple[list[bytes], list[bytes]]
) -> dict[str, tuple[bytes, bytes]]:
    """The encoded link that stops each topic of the digest, for the text and for the HTML."""
    (text,), (html,) = unsubscribe
    links = {}
    for number, topic in enumerate(covered_topics(blocks)):
        query = _encoded_stop_query(number)
        in_text = text + query
        links[topic] = in_text, in_text if html is text else html + query
    return links


def _with_links(
    fragments: Sequence[Fragment], stops: Mapping[str, tuple[bytes, bytes]]
) -> tuple[list[bytes], list[bytes]]:
    """The text and the HTML of fragments, with the subscriber's own links inserted."""
    texts: list[bytes] = []
    htmls: list[bytes] = []
    for fragment in fragments:
        (pieces, gaps), start = fragment.text, len(texts)
        texts += pieces
        for place, topic in gaps:
            texts[start + place] = stops[topic][0]
        (pieces, gaps), start = fragment.html, len(htmls)
        htmls += pieces
        for place, topic in gaps:
            htmls[start + place] = stops[topic][1]
    return texts, htmls


@dataclass(frozen=True, slots=True)
class DigestFrame:
    """Encoded pieces, each with the placeholder after it (name; 0 in text, 1 in HTML), and the end."""

    pieces: tuple[tuple[bytes, str, int], ...]
    end: bytes
    links: frozenset[str]

    def fill(self, fillings: Mapping[str, tuple[list[bytes], list[bytes]]]) -> list[bytes]:
        """The pieces in order, each placeholder replaced by the text or HTML of that name."""
        result = []
        for before, name, part in self.pieces:
            result.append(before)
            result += fillings[name][part]
        return [*result, self.end]


class _Shape(NamedTuple):
    """The properties that the frame of a digest depends on besides its sender and language."""

    frequency: str
    discreet: bool
    is_first: bool
    full: int
    brief: int
    hidden: int


@lru_cache(maxsize=256)
def _digest_frame(frame: SenderProfile, language: str, shape: _Shape) -> DigestFrame:
    """The frame shared by all digests of this shape."""
    words = _with_placeholders(frame, language, shape)
    rules = MAIL_KINDS[MailKind.DIGEST]
    shared = mime.common_headers(frame, subject=words.subject, language=language, rules=rules)
    pieces: list[tuple[bytes, str, int]] = []
    open_end = shared + mime.TEXT_START
    for part, source in enumerate((words.text, words.html)):
        for position, string in enumerate(_PLACEHOLDER.split(source)):
            if position % 2:
                pieces.append((open_end, string, part))
                open_end = b""
            else:
                open_end += piece(string)
        open_end += mime.END if part else mime.HTML_START
    return DigestFrame(tuple(pieces), open_end, frozenset(name for _, name, _ in pieces) & _LINKS)


def _with_placeholders(frame: SenderProfile, language: str, shape: _Shape) -> Rendered:
    """The digest's templates rendered with placeholders for blocks and links.

    A child template overrides the two template blocks that contain the trials. No text of a trial is rendered
    here, so none can be mistaken for a placeholder.
    """
    values: dict[str, Any] = {name: f"\ue000{name}\ue001" for name in _LINKS}
    values |= {"frame": frame, **shape._asdict()}
    subject = mail_template(MailKind.DIGEST, language, frame.website).subject.render(values).strip()
    values["subject"] = subject
    jinja = environment(language, frame.website)
    text, html = (
        jinja.from_string(_BLOCK_PLACEHOLDERS % name).render(values) for name in ("body.txt", "body.mjml")
    )
    return Rendered(subject, wrap(text), html)
