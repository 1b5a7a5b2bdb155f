"""The standing cast of the mail tests: one sender, and one mail of each kind to Alice."""

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from service.domain.design import Website
from service.domain.digests.blocks import Sentence, TrialBlock
from service.domain.trials.change import Level
from service.domain.wording.facts import Fact, Link
from service.domain.wording.headline import Tone
from service.domain.wording.summary import Passage
from service.mail.compose import SenderProfile, compose
from service.mail.message.kinds import (
    AddressChange,
    AddressChanged,
    AlreadyFollowing,
    Confirmation,
    Digest,
    Mail,
    PreferencesLink,
    TermsChanged,
)

ALICE = "alice@example.org"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CONDITION = "canary leukemia"
TITLE = "Canary cells take on childhood disease"

FRAME = SenderProfile(
    mail_from="Example Updates <updates@mail.example.org>",
    mail_domain="mail.example.org",
    postal_address="Example Foundation\n1 Example Street\n00100 Example City",
    terms_url="https://www.example.org/terms",
    privacy_url="https://www.example.org/privacy",
    public_url="https://alerts.example.org",
    feedback_sender_id="examplemail",
    website=Website("Example Trials", "https://www.example.org", "#0b5cad"),
)

#: The hidden text that a list of mails shows behind the subject.
PREHEADER = re.compile(r'<div style="display:none[^>]*>(.*?)</div>', re.DOTALL)


def url(path: str) -> str:
    """A link of this service with a token as long as real ones: more than 120 characters in all."""
    return f"https://alerts.example.org/{path}/" + "Zm9v-_" * 15 + "x"


#: The differences of the block of a study that is followed itself, and has just stopped.
FOLLOWED_STUDY: dict[str, object] = {
    "reasons": ("You follow this study.",),
    "topics": ("trial:NCT00000001",),
    "stops": ("Stop following this study (NCT00000001)",),
    "headlines": ("Stopped early", "Results posted"),
    "tone": Tone.STOPPED,
    "status": "Status in the registry: Taking participants → Stopped early",
    "asks_to_stop": True,
}


def block(number: int = 1, **changed: object) -> TrialBlock:
    """One trial in a digest; blocks of different `number` or words have different keys."""
    words: dict[str, object] = {
        "nct_id": f"NCT{number:08}",
        "url": f"https://www.example.org/trials/NCT{number:08}",
        "title": f"{TITLE} {number}",
        "is_new": False,
        "reasons": (f"You follow {CONDITION}.",),
        "topics": ("condition:canary-leukemia",),
        "stops": (f"Stop following {CONDITION}",),
        "headlines": ("Taking participants", "Who can join changed"),
        "tone": Tone.OPEN,
        "status": "Status in the registry: Paused → Taking participants",
        "sentences": (
            Sentence("The registry now says this study has started taking participants again.", Level.HIGH),
            Sentence(
                "The rules about who can join changed.",
                Level.MEDIUM,
                ("Removed: 25 years", "Added: 30 years"),
            ),
        ),
        "summary": (
            Passage("paragraph", ("A child's own immune cells are changed in a lab. The questions are:",)),
            Passage("bullets", ("Does the illness go?", "Does it come back?")),
            Passage("numbers", ("Cells are taken.", "Cells are given.")),
        ),
        "is_cut": True,
        "outlook": (Fact("Active substance:", "changed cells"), Fact("What could go wrong:", "fever")),
        "facts": (
            Fact("Phase:", "Phase 1"),
            Fact("Who can join:", "1–25 years; people of any sex; no healthy volunteers"),
            Fact("Places:", "Roma, Italy; Bambino Gesù, Italy"),
            Fact("Last confirmed by the study team:", "November 2025"),
            Fact("Last updated:", "2 December 2025"),
            Fact("Registry number:", f"NCT{number:08}"),
        ),
        "conditions": (CONDITION,),
        "links": (
            Link(f"NCT{number:08} in the registry", f"https://www.example.org/trials/record/NCT{number:08}"),
        ),
    }
    if number == 1:
        words |= FOLLOWED_STUDY
    words |= changed
    return TrialBlock(key=repr(sorted(words.items(), key=lambda item: item[0])), **words)  # type: ignore[arg-type]


def digest(
    *blocks: TrialBlock, frequency: str = "weekly", discreet: bool = True, is_first: bool = False
) -> Digest:
    """A digest of these blocks."""
    return Digest(
        blocks=blocks,
        frequency=frequency,
        preferences_url=url("preferences"),
        unsubscribe_url=url("unsubscribe"),
        full_digest_url=lambda: url("digests"),
        discreet=discreet,
        is_first=is_first,
    )


NEW = block(2, is_new=True, headlines=("New study",), tone=Tone.NEW)
GONE = block(
    4, url="", status="", headlines=("Removed from the website",), tone=Tone.STOPPED, stops=(), is_cut=False
)

MAILS: dict[str, Mail] = {
    "confirmation": Confirmation((TITLE, CONDITION), url("confirm"), url("decline"), 48),
    "digest": digest(block(1), NEW, block(3, tone=Tone.PLAIN), GONE),
    "plain digest": digest(block(1), discreet=False),
    "first digest": digest(block(1), is_first=True),
    "shortened digest": digest(*(block(number) for number in range(500))),
    "preferences link": PreferencesLink(url("preferences"), url("unsubscribe")),
    "already following": AlreadyFollowing((CONDITION,), url("preferences"), url("unsubscribe")),
    "address change": AddressChange(url("confirm"), url("decline"), 48),
    "address changed": AddressChanged(url("unsubscribe")),
    "terms changed": TermsChanged(url("terms"), date(2026, 12, 24), url("preferences"), url("unsubscribe")),
}
WITHOUT_LIST = ("confirmation", "address change")


def wire(
    mail: Mail, *, recipient: str = ALICE, frame: SenderProfile = FRAME, message_key: str = "k3y"
) -> bytes:
    """The mail as it goes out."""
    return compose(mail, frame=frame, recipient=recipient, language="en", message_key=message_key, date=NOW)


def parse(raw: bytes) -> EmailMessage:
    """The mail as Python's own parser reads it."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(raw: bytes) -> tuple[str, str]:
    """The decoded text and HTML, with the line ends of Python."""
    text, html = (part.get_content().replace("\r\n", "\n") for part in parse(raw).iter_parts())
    return text, html


class Page(HTMLParser):
    """The HTML as a reader's program parses it: elements with their attributes, and the words to be read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.link_words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)
        if tag == "a":
            self.link_words.append("")

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "title", "xml"} & set(self._open) and data.strip():
            self.words.append(data.strip())
            if "a" in self._open:
                self.link_words[-1] += data

    def links(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.elements if tag == "a"]
