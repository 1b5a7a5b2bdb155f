"""Numbers of trials in the registries of the world: recognizes and normalizes them.

The registries of the WHO's network and the European ones agree on no form. All have letters that name the
registry, then digits and letters in parts (`ISRCTN12345678`, `CTRI/2020/01/012345`, `RBR-2bn5v6`), or, in the
European Union, digits in parts alone (`2022-501234-12-00`, `2010-123456-12`).
"""

import re

#: Maximum length; the longest known numbers have about 25 characters.
LONGEST = 40
_FEWEST_DIGITS = 3

_NCT = re.compile(r"NCT\d{8}", re.ASCII)
_EU = re.compile(r"(?:EUCTR|CTIS)?\d{4}-\d{6}-\d{2}(?:-[A-Z0-9]{2})?", re.ASCII)
_ANY = re.compile(r"[A-Z]{1,12}[0-9A-Z]*(?:[-/][0-9A-Z]+)*", re.ASCII)

#: Registries whose letters are not all capitals.
_SPELLINGS = {"CHICTR": "ChiCTR", "JRCT": "jRCT"}


def is_nct_number(text: str) -> bool:
    """Whether a text is a normalized number of ClinicalTrials.gov: `NCT` and eight digits."""
    return _NCT.fullmatch(text) is not None


def trial_number(text: str) -> str | None:
    """A registry's number of a trial, normalized to capitals; None for anything else.

    >>> trial_number(" isrctn12345678 ")
    'ISRCTN12345678'
    """
    number = text.strip()
    if not number.isascii() or len(number) > LONGEST:
        return None
    number = number.upper()
    if number.startswith("NCT"):
        return number if is_nct_number(number) else None
    if _EU.fullmatch(number):
        return number
    digits = sum(character.isdigit() for character in number)
    return number if digits >= _FEWEST_DIGITS and _ANY.fullmatch(number) else None


def looks_like_number(text: str) -> bool:
    """Whether a text typed into a search or a form is a trial's number rather than a condition.

    Not a MeSH heading's (`D054198`), nor words with a few digits, such as `covid-2019`.
    """
    number = text.strip().upper()
    if number.startswith("NCT"):
        return True
    digits = sum(character.isdigit() for character in number)
    return trial_number(number) is not None and digits >= 5 and not re.fullmatch(r"[CD]\d{6,9}", number)


def shown_number(number: str) -> str:
    """A number as its registry writes it.

    >>> shown_number("CHICTR2000029308")
    'ChiCTR2000029308'
    """
    for letters, spelling in _SPELLINGS.items():
        if number.startswith(letters):
            return spelling + number[len(letters) :]
    return number
