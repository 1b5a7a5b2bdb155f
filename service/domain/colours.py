"""Colours as #rrggbb: how well one is read on another (WCAG 2.2, 1.4.3), and one made to be read."""

import colorsys
import re
from collections.abc import Iterable

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

#: The least contrast of text with its background (WCAG 2.2, 1.4.3, level AA).
READABLE = 4.5


def parse_colour(text: str) -> str:
    """`#rrggbb` in lower case from `#rgb` or `#rrggbb`, with or without the sign. Raises ValueError."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        raise ValueError("must be a colour such as #1f5f8b")
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: str, grounds: Iterable[str], least: float = READABLE) -> str:
    """`colour` if it reads on all `grounds`, else the nearest of its hue that does: darker on light ones,
    lighter on dark ones.

    Grounds are all light or all dark, so that black or white, at the end of the way, always reads.
    """
    grounds = tuple(grounds)
    darker = sum(map(_luminance, grounds)) / len(grounds) > 0.18
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    for percent in range(101):
        step = percent / 100
        made = lightness * (1 - step) if darker else lightness + (1 - lightness) * step
        rgb = colorsys.hls_to_rgb(hue, made, saturation)
        found = colour if percent == 0 else "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)
        if all(contrast(found, ground) >= least for ground in grounds):
            break
    return found
