"""What stands around every mail of this installation."""

from service.mail.message.sender_profile import SenderProfile
from service.settings import Settings

#: Names this sender to mailbox providers, for ever the same (Feedback-ID, docs/standards.md).
FEEDBACK_SENDER = "trialalerts"


def sender_profile(settings: Settings) -> SenderProfile:
    """The frame that the settings give."""
    return SenderProfile(
        mail_from=settings.mail_from,
        mail_domain=settings.mail_domain,
        postal_address=settings.postal_address,
        terms_url=settings.terms_url,
        privacy_url=settings.privacy_url,
        public_url=settings.public_url,
        feedback_sender_id=FEEDBACK_SENDER,
    )
