"""Fresh secrets for a new installation."""

import re
import secrets

from service.crypto.webhook_signatures import fresh_secret


def fresh() -> dict[str, str]:
    """New secrets by the name of their setting, from the operating system's random source."""
    return {
        "ALERTS_SECRET_KEYS": secrets.token_urlsafe(32),
        "ALERTS_WEBHOOK_SECRETS": fresh_secret(secrets.token_bytes(32)),
        "ALERTS_ADMIN_TOKEN": secrets.token_urlsafe(32),
    }


# Programs that read such a file by rules of their own (Docker, systemd) differ in what quotes mean.
_PLAIN = re.compile(r"[\w@%+=:,./?&-]+", re.ASCII)


def as_lines(values: dict[str, str]) -> str:
    """`values` in `.env` form, single-quoted where a character could have a special meaning."""
    return "".join(f"{name}={_quoted(value)}\n" for name, value in values.items())


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
