"""The reports of each mail provider, with their effects on the reader."""

from collections.abc import Callable

from tests.integration.web.provider_payloads import (
    MESSAGE_ID,
    Signed,
    basic,
    mailgun,
    sendgrid,
    ses_bounce,
    ses_by_header,
    ses_mail,
    sns,
)

NO_USER = "smtp; 550 5.1.1 <x@example.net>: Recipient address rejected: User unknown"
POLICY = "550 5.7.1 Message rejected due to local policy"
METADATA = {"delivery": MESSAGE_ID.strip("<>")}

#: By name: the provider, what it sends (with the mail's return address), and what becomes of suppressions
#: and the subscription.
CASES: dict[str, tuple[str, Callable[[str], Signed], list[str], str]] = {
    "ses: gone": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Permanent", "5.1.1", NO_USER)),
        ["hard_bounce"],
        "active",
    ),
    "ses: gone, signed by SHA-1": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Permanent", "5.1.1", NO_USER), "1"),
        ["hard_bounce"],
        "active",
    ),
    "ses: gone, by Message-ID": (
        "ses",
        lambda _: sns(ses_bounce(ses_by_header(), "Permanent", "5.1.1", NO_USER)),
        ["hard_bounce"],
        "active",
    ),
    "ses: full": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Transient", "4.2.2", "smtp; 452 4.2.2 full")),
        [],
        "active",
    ),
    "ses: refused by policy": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Permanent", "5.7.1", f"smtp; {POLICY}")),
        [],
        "active",
    ),
    "ses: complaint": (
        "ses",
        lambda token: sns(
            {
                "eventType": "Complaint",
                "complaint": {"complaintFeedbackType": "abuse", "complainedRecipients": []},
                "mail": ses_mail(token),
            }
        ),
        ["complaint"],
        "ended",
    ),
    "ses: not spam": (
        "ses",
        lambda token: sns(
            {
                "notificationType": "Complaint",
                "complaint": {"complaintFeedbackType": "not-spam"},
                "mail": ses_mail(token),
            }
        ),
        [],
        "active",
    ),
    "ses: delivered": (
        "ses",
        lambda token: sns({"notificationType": "Delivery", "mail": ses_mail(token)}),
        [],
        "active",
    ),
    "ses: that it may publish events": (
        "ses",
        lambda _: sns({}, Message="Successfully validated SNS topic for Amazon SES event publishing."),
        [],
        "active",
    ),
    "ses: that the topic was unsubscribed": (
        "ses",
        lambda _: sns(
            {},
            Type="UnsubscribeConfirmation",
            Token="abc",
            SubscribeURL="https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
            Message="You have chosen to deactivate a subscription.",
        ),
        [],
        "active",
    ),
    "postmark: asks to be unsubscribed": (
        "postmark",
        lambda _: basic({"RecordType": "Bounce", "Type": "Unsubscribe", "Metadata": METADATA}),
        [],
        "ended",
    ),
    "postmark: gone": (
        "postmark",
        lambda _: basic(
            {
                "RecordType": "Bounce",
                "ID": 42,
                "Type": "HardBounce",
                "TypeCode": 1,
                "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
                "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
                "Email": "x@example.net",
                "Inactive": True,
                "Metadata": METADATA,
            }
        ),
        ["hard_bounce"],
        "active",
    ),
    "postmark: without a reply": (
        "postmark",
        lambda _: basic(
            {"RecordType": "Bounce", "Type": "BadEmailAddress", "Details": "", "Metadata": METADATA}
        ),
        ["hard_bounce"],
        "active",
    ),
    "postmark: for a while": (
        "postmark",
        lambda _: basic(
            {"RecordType": "Bounce", "Type": "Transient", "Details": "5.1.1", "Metadata": METADATA}
        ),
        [],
        "active",
    ),
    "postmark: complaint": (
        "postmark",
        lambda _: basic({"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Metadata": METADATA}),
        ["complaint"],
        "ended",
    ),
    "postmark: unsubscribed": (
        "postmark",
        lambda _: basic(
            {
                "RecordType": "SubscriptionChange",
                "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
                "ServerID": 123456,
                "MessageStream": "outbound",
                "ChangedAt": "2020-02-01T10:53:34.416071Z",
                "Recipient": "x@example.net",
                "Origin": "Recipient",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
                "Tag": "my-tag",
                "Metadata": METADATA,
            }
        ),
        [],
        "ended",
    ),
    "postmark: suppressed after a complaint": (
        "postmark",
        lambda _: basic(
            {
                "RecordType": "SubscriptionChange",
                "Origin": "Recipient",
                "SuppressSending": True,
                "SuppressionReason": "SpamComplaint",
                "Metadata": METADATA,
            }
        ),
        ["complaint"],
        "ended",
    ),
    "sendgrid: gone, among others": (
        "sendgrid",
        lambda _: sendgrid(
            {"event": "processed", "smtp-id": MESSAGE_ID},
            {
                "event": "bounce",
                "type": "bounce",
                "email": "x@example.net",
                "smtp-id": MESSAGE_ID,
                "status": "5.1.1",
                "reason": "550 5.1.1 unknown recipient",
            },
            {"event": "open", "smtp-id": MESSAGE_ID},
        ),
        ["hard_bounce"],
        "active",
    ),
    "sendgrid: blocked": (
        "sendgrid",
        lambda _: sendgrid({"event": "bounce", "type": "blocked", "smtp-id": MESSAGE_ID, "reason": POLICY}),
        [],
        "active",
    ),
    "sendgrid: dropped": (
        "sendgrid",
        lambda _: sendgrid({"event": "dropped", "reason": "Bounced Address", "smtp-id": MESSAGE_ID}),
        ["hard_bounce"],
        "active",
    ),
    "sendgrid: complaint": (
        "sendgrid",
        lambda _: sendgrid({"event": "spamreport", "email": "x@example.net", "smtp-id": MESSAGE_ID}),
        ["complaint"],
        "ended",
    ),
    "mailgun: gone": (
        "mailgun",
        lambda _: mailgun(
            {
                "event": "failed",
                "severity": "permanent",
                "reason": "bounce",
                "delivery-status": {"code": 550, "message": "5.1.1 No such user", "description": ""},
                "message": {"headers": {"message-id": MESSAGE_ID.strip("<>"), "to": "x@example.net"}},
                "recipient": "x@example.net",
            }
        ),
        ["hard_bounce"],
        "active",
    ),
    "mailgun: for a while": (
        "mailgun",
        lambda _: mailgun(
            {
                "event": "failed",
                "severity": "temporary",
                "delivery-status": {"code": 550, "message": "5.1.1"},
                "message": {"headers": {"message-id": MESSAGE_ID.strip("<>")}},
            }
        ),
        [],
        "active",
    ),
    "mailgun: complaint, by return address": (
        "mailgun",
        lambda token: mailgun({"event": "complained", "envelope": {"sender": f"{token}@mail.example.org"}}),
        ["complaint"],
        "ended",
    ),
    "brevo: gone": (
        "brevo",
        lambda _: basic(
            {"event": "hard_bounce", "email": "x@example.net", "message-id": MESSAGE_ID, "reason": "no user"}
        ),
        ["hard_bounce"],
        "active",
    ),
    "brevo: complaint": (
        "brevo",
        lambda _: basic({"event": "spam", "email": "x@example.net", "message-id": MESSAGE_ID}),
        ["complaint"],
        "ended",
    ),
    "brevo: deferred": (
        "brevo",
        lambda _: basic({"event": "deferred", "message-id": MESSAGE_ID}),
        [],
        "active",
    ),
    "brevo: of somebody else": (
        "brevo",
        lambda _: basic({"event": "hard_bounce", "message-id": f"<{'f' * 32}@mail.example.org>"}),
        [],
        "active",
    ),
}
