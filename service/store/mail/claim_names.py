"""The names of claims, which carry the bucket of their deliveries."""

import secrets


def new_claim(bucket: int) -> str:
    """The name of a claim of deliveries of one bucket, which it carries."""
    return f"{bucket:02x}{secrets.token_hex(8)}"


def bucket_of_claim(claim: str) -> int:
    """The bucket of all deliveries of a claim."""
    return int(claim[:2], 16)
