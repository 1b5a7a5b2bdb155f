"""Countries by ISO 3166 code: the English names, and the names that the registry uses or once used.

The names are those of Unicode CLDR, written to `data/country_names.json` by `make countries`.
`data/country_overrides.json` is written by hand: plainer names, aliases, territories that are no countries.
Names in other languages come from the reader's `Language`, by code.
"""

import json
from pathlib import Path
from typing import Any

from service.domain.trials.text import bare

FOLDER = Path(__file__).parents[1] / "data"


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


_CLDR: dict[str, str] = _load("country_names.json")
_OVERRIDES = _load("country_overrides.json")

NAMES: dict[str, str] = _CLDR | _OVERRIDES["names"]


def _plain(name: str) -> str:
    """A name without accents and punctuation: "São Tomé & Príncipe" is "sao tome and principe"."""
    return bare(name.replace("&", " and "))


_CODES = {
    _plain(name): code
    for code in NAMES
    for name in (NAMES[code], _CLDR[code], *_OVERRIDES["aliases"].get(code, ()))
}


def country_code(name: str) -> str | None:
    """The ISO 3166 code of a country by any of its names or by its code; None when it isn't known."""
    return _CODES.get(_plain(name)) or (name.strip().upper() if name.strip().upper() in NAMES else None)
