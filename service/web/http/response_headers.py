"""Response headers of every answer, whether of a handler, the framework or the server."""

#: No sniffing of media types, no access to our windows for other sites, no access to a device's sensors for
#: injected scripts. Any path may hold a token, known or not: no other site learns of it, no search engine
#: lists it, and no cache keeps its answer, unless that is meant for caches and says so. What is no page, as a
#: person's data or an error for programs, loads nothing and stands in no frame.
ON_EVERYTHING: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        b"magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    ),
)

Headers = list[tuple[bytes, bytes]]


def complete(headers: Headers) -> Headers:
    """`headers` with the common ones that they lack, and `Vary: Origin`.

    CORS answers by origin, so a shared cache must not give one origin's answer to another, nor the answer
    to a request without an origin to one that has it (Fetch standard, CORS and HTTP caches).
    An answer without a body, such as a redirect, has no media type (RFC 9110 §8.3).
    """
    if (b"content-length", b"0") in headers:
        headers = [pair for pair in headers if pair[0] != b"content-type"]
    given = {name for name, _ in headers}
    completed = [pair for pair in headers if pair[0] != b"vary"]
    completed += [pair for pair in ON_EVERYTHING if pair[0] not in given]
    varying = {b"origin": b"Origin"}
    for name, value in headers:
        if name == b"vary":
            varying |= {part.strip().lower(): part.strip() for part in value.split(b",") if part.strip()}
    return [*completed, (b"vary", b", ".join(varying.values()))]
