"""The table of mail kinds: each has its rules, a content, templates and a builder, and they agree."""

import pytest

from service.domain.delivery.eligibility import Ineligibility, reasons_against
from service.domain.delivery.kinds import MAIL_KINDS, MailKind, Stream
from service.mail.message.kinds import KIND_OF
from service.mail.render.templates import templates_folder
from tests.unit.mail.cast import MAILS, parse, wire
from workers.deliver.render import BUILDERS


def test_every_kind_has_rules_a_content_and_a_builder() -> None:
    assert set(MAIL_KINDS) == set(MailKind)
    assert sorted(KIND_OF.values()) == sorted(MailKind)
    # A digest is large, so it is built when its turn comes: by `lazy_digest_message`.
    assert set(BUILDERS) == set(MailKind) - {MailKind.DIGEST}


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_has_templates_and_nothing_else_has(kind: MailKind) -> None:
    found = {path.name for path in (templates_folder() / kind).iterdir()}
    assert {"subject.txt", "body.txt", "body.mjml"} <= found
    with_templates = {path.parent.name for path in templates_folder().glob("*/subject.txt")}
    assert with_templates == set(MailKind)


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_on_the_wire_follows_its_rules(name: str) -> None:
    mail = MAILS[name]
    rules, message = MAIL_KINDS[KIND_OF[type(mail)]], parse(wire(mail))
    assert message["Feedback-ID"].startswith(f"{rules.stream}:")
    for header in ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert (header in message) == rules.unsubscribable


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        (MailKind.DIGEST, set(Ineligibility)),
        (MailKind.CONFIRMATION, {Ineligibility.ERASED, Ineligibility.SUPPRESSED}),
        (
            MailKind.ALREADY_FOLLOWING,
            {Ineligibility.ERASED, Ineligibility.SUPPRESSED, Ineligibility.NOT_CONFIRMED},
        ),
        (
            MailKind.PREFERENCES_LINK,
            {Ineligibility.ERASED, Ineligibility.SUPPRESSED, Ineligibility.NOT_CONFIRMED},
        ),
        (
            MailKind.TERMS_CHANGED,
            {Ineligibility.ERASED, Ineligibility.SUPPRESSED, Ineligibility.NOT_CONFIRMED},
        ),
        (MailKind.ADDRESS_CHANGE, {Ineligibility.ERASED}),
        (MailKind.ADDRESS_CHANGED, {Ineligibility.ERASED, Ineligibility.NOT_CONFIRMED}),
    ],
)
def test_each_kind_of_mail_has_its_reasons_against_sending(
    kind: MailKind, reasons: set[Ineligibility]
) -> None:
    assert set(reasons_against(kind)) == reasons
    assert list(reasons_against(kind)) == [reason for reason in Ineligibility if reason in reasons]


def test_only_digests_and_notices_of_terms_yield_to_requested_mail() -> None:
    last = max(rules.priority for rules in MAIL_KINDS.values())
    behind = {kind for kind, rules in MAIL_KINDS.items() if rules.priority == last}
    assert behind == {MailKind.DIGEST, MailKind.TERMS_CHANGED}


def test_mail_to_unconfirmed_addresses_is_a_stream_of_its_own() -> None:
    of_stream = {kind for kind, rules in MAIL_KINDS.items() if rules.stream is Stream.CONFIRMATION}
    assert of_stream == {kind for kind, rules in MAIL_KINDS.items() if rules.to_unconfirmed}
