"""Renders queued messages just before they are sent, a few at a time."""

import logging
from collections.abc import Iterable
from itertools import islice

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage
from service.mail.smtp.batch import not_attempted
from service.mail.smtp.envelope import (
    Extensions,
    LazyMessage,
    OutgoingMessage,
    SmtpMessage,
    TemplateFault,
    unsendable,
)
from service.mail.smtp.session import QueuedMessage
from service.mail.smtp.throttle import DomainThrottle

_log = logging.getLogger(__name__)

#: Messages rendered at once. In a row, a digest takes three quarters of the time that it takes between two
#: replies of servers: code and templates are still in the processor's caches. More would only take memory.
RENDER_AHEAD = 8


def take_rendered(queued: QueuedMessage, behind: Iterable[QueuedMessage]) -> SmtpMessage | Outcome:
    """The rendered message, or its outcome if it can't be rendered.

    If it is not rendered yet, those `behind` it in the queue are rendered too, up to RENDER_AHEAD. It keeps
    nothing: if the message is requeued, it is rendered again.
    """
    if queued.rendered is None:
        for message in (queued, *islice(behind, RENDER_AHEAD - 1)):
            if message.rendered is None:
                message.rendered = _render(message.mail)
    rendered, queued.rendered = queued.rendered, None
    assert rendered is not None
    return rendered


def prepare(
    queued: QueuedMessage, behind: Iterable[QueuedMessage], domains: DomainThrottle, extensions: Extensions
) -> SmtpMessage | Outcome:
    """The rendered message; or its outcome if it can't be sent now to a server with these extensions."""
    if not queued.sink.may_go():
        return not_attempted("the lease has expired")
    if not domains.try_acquire(queued.mail.domain):
        return not_attempted("the recipient's domain is paused")
    mail = take_rendered(queued, behind)
    return mail if isinstance(mail, Outcome) else unsendable(mail, extensions) or mail


def _render(mail: OutgoingMessage) -> SmtpMessage | Outcome:
    if not isinstance(mail, LazyMessage):
        return mail
    try:
        return mail.write()
    except TemplateFault as fault:
        _log.error("template_fault: mail %s waits: %s", mail.id, fault)
        return Outcome(OutcomeKind.TEMPLATE_FAULT, SessionStage.CONNECT, None, None, str(fault))
    except Exception as error:
        # Its type alone: an error's text may quote an address.
        _log.error("mail %s can't be rendered: %s", mail.id, type(error).__name__)
        return Outcome(OutcomeKind.UNWRITABLE, SessionStage.CONNECT, None, None, type(error).__name__)
