"""Workers share the answers of mail servers in their reports.

From its own mails alone, each worker would have to find out that a server refuses all mail, at the cost of
several mails.
"""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from service.domain.delivery.refusals import MailServerEvidence
from service.store.sql import clock
from workers.deliver.mailer import Mailer


def to_share(mailer: Mailer) -> dict[str, Any]:
    """The answers of each server to this worker, as JSON; times by the database's clock."""
    ahead = clock.ahead(mailer.system.database)
    return {
        route.server: msgspec.to_builtins(route.evidence.shifted(-ahead))
        for route in mailer.sender.routes.all
    }


def merge(mailer: Mailer, others: Sequence[Any]) -> None:
    """Merges the answers that other workers shared; another version's unreadable ones are ignored."""
    ahead = clock.ahead(mailer.system.database)
    servers = [_read(answers) for answers in others]
    for route in mailer.sender.routes.all:
        found = [known[route.server].shifted(ahead) for known in servers if route.server in known]
        if route.merge_evidence(found):
            mailer.sender.domains.reset()  # the refusals were not due to them


def _read(answers: Any) -> Mapping[str, MailServerEvidence]:
    with contextlib.suppress(msgspec.ValidationError):
        return msgspec.convert(answers, dict[str, MailServerEvidence])
    return {}
