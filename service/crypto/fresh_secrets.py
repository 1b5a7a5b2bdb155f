"""Fresh secrets for a new installation."""

import secrets

from service.crypto.webhook_signatures import fresh_secret


def fresh() -> dict[str, str]:
    """New secrets by the name of their setting, from the operating system's random source."""
    return {
        "ALERTS_SECRET_KEYS": secrets.token_urlsafe(32),
        "ALERTS_WEBHOOK_SECRETS": fresh_secret(secrets.token_bytes(32)),
        "ALERTS_ADMIN_TOKEN": secrets.token_urlsafe(32),
    }


def as_lines(values: dict[str, str]) -> str:
    """`values` in `.env` form, single-quoted so that no character has a special meaning."""
    return "".join(
        f"{name}='{value.replace(chr(92), chr(92) * 2).replace(chr(39), chr(92) + chr(39))}'\n"
        for name, value in values.items()
    )
