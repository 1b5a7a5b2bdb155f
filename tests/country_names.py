"""The English names of countries as Unicode CLDR has them; `make countries` writes them to the data file."""

import json
from pathlib import Path

from babel import Locale

FOLDER = Path(__file__).parents[1] / "service" / "domain" / "trials" / "data"


def cldr_names(not_countries: list[str]) -> dict[str, str]:
    """The names of all countries, in order of their two-letter codes."""
    territories = dict(Locale("en").territories)
    codes = sorted(code for code in territories if len(code) == 2 and code.isalpha())
    return {code: territories[code] for code in codes if code not in not_countries}


def encoded(names: dict[str, str]) -> str:
    """The data file: a name a line."""
    return json.dumps(names, ensure_ascii=False, indent=2) + "\n"


def write() -> None:
    """Writes the data file, without the territories that the overrides name as no countries."""
    overrides = json.loads((FOLDER / "country_overrides.json").read_text(encoding="utf-8"))
    names = encoded(cldr_names(overrides["not_countries"]))
    (FOLDER / "country_names.json").write_text(names, encoding="utf-8")


if __name__ == "__main__":
    write()
