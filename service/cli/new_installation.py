"""`trial-alerts init`: the files of a new installation, with fresh secrets; none is overwritten."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from service.crypto.fresh_secrets import fresh

SETTINGS, TERMS, PASSWORD = "settings.env", "terms.txt", "database_password"

#: The user of PostgreSQL in the image of compose.yaml, which reads its password itself.
_POSTGRESQL_USER = 70

_SETTINGS_TEXT = """\
# Settings of Trial Alerts: README.md lists them all. Lines are NAME=value, without quotes.
# After a change: restart the service and the workers (`docker compose restart service worker lmtp`).

# Where browsers reach the service; every link in mail begins with it. https://… behind a proxy.
ALERTS_PUBLIC_URL={public_url}
# Origins whose pages may post the form, separated by commas.
ALERTS_WEBSITE_ORIGINS={origins}
# Networks of the proxies in front, such as 10.0.0.0/8: without them all visitors count as one network.
#ALERTS_TRUSTED_PROXIES=

# The sender. The name must not reveal the subject of the mail: it shows on lock screens.
ALERTS_MAIL_FROM={mail_from}
# Printed at the end of every mail, as the law of many countries wants it.
ALERTS_POSTAL_ADDRESS=Example Foundation, 1 Example Street, 00100 Example City
ALERTS_TERMS_URL=https://www.example.org/terms
ALERTS_PRIVACY_URL=https://www.example.org/privacy
# What people agree to at sign-up is a text of its own. terms.txt is an example: replace it by yours and
# publish that with `trial-alerts terms publish terms.txt --version 2`.

# The mail server, such as smtp://user:password@mail.example.org:587
ALERTS_SMTP_URL={smtp_url}
ALERTS_DATABASE_URL={database_url}
ALERTS_REDIS_URL={redis_url}

# Secrets, made for this installation. Keep a copy of ALERTS_SECRET_KEYS apart from the backups:
# without it no address can be read, and with it a backup names everybody.
ALERTS_SECRET_KEYS={ALERTS_SECRET_KEYS}
# The ingestor signs its events with it.
ALERTS_WEBHOOK_SECRETS={ALERTS_WEBHOOK_SECRETS}
# Opens /admin and the operators' API.
ALERTS_ADMIN_TOKEN={ALERTS_ADMIN_TOKEN}
"""

_TERMS_TEXT = """\
You get email about the trials and conditions that you choose. Each mail has a link that ends it.
What you follow can say something about somebody's health. It is stored encrypted, used for these mails alone
and given to nobody. You can see, export and erase all of it from a link in each mail.
The mails are no medical advice. Talk to your doctor and to the study's team before you decide anything.
"""


def write_files(
    folder: Path, *, compose: bool, owner: int | None, public_url: str, mail_from: str
) -> Iterator[tuple[Path, bool]]:
    """Writes each file that is not there; yields its path, and whether it is new.

    `compose`: for the containers of compose.yaml; then `owner` is the user that they run as. Files are
    readable by their owner alone. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if owner is not None:
        folder.chmod(0o755)  # the files in it are private, each to its user
    password = secrets.token_urlsafe(24)
    if compose:
        new = _write(folder / PASSWORD, password, _POSTGRESQL_USER if owner is not None else None)
        yield folder / PASSWORD, new
        password = (folder / PASSWORD).read_text(encoding="utf-8").strip()
    values = fresh() | {
        "public_url": public_url.rstrip("/"),
        "origins": public_url.rstrip("/") if compose else "",
        "mail_from": mail_from,
        "smtp_url": "smtp://mailpit:1025?tls=none" if compose else "smtp://127.0.0.1:25",
        "database_url": f"postgresql://alerts:{password}@database/alerts"
        if compose
        else "postgresql://alerts@/alerts?host=/run/postgresql",
        "redis_url": "redis://redis:6379" if compose else "redis://127.0.0.1:6379",
    }
    yield folder / SETTINGS, _write(folder / SETTINGS, _SETTINGS_TEXT.format(**values), owner)
    yield folder / TERMS, _write(folder / TERMS, _TERMS_TEXT, owner)
    link = folder / ".env"  # which commands read in their working directory
    if not link.exists() and not link.is_symlink():
        link.symlink_to(SETTINGS)


def _write(path: Path, text: str, owner: int | None) -> bool:
    """Writes a file that nobody else can read, whole or not at all; False if it is there."""
    if path.exists():
        return False
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    if owner is not None:
        os.chown(part, owner, -1)
    part.rename(path)
    return True
