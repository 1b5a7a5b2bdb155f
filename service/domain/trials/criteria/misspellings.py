"""Tells a corrected typing mistake from another word, in rules about who can join."""

from collections import Counter

#: Endings of drugs' names, of which two may differ by a letter: "afatinib" and "apatinib".
_DRUGS = ("cel", "lib", "mab", "mus", "nib", "rib", "vir", "xel")
#: Words that differ as a typing mistake differs from its word, and are other words.
_OTHERS = (
    {"casual", "causal"},
    {"humeral", "humoral"},
    {"nephritic", "nephrotic"},
    {"perineal", "peroneal"},
)


def misspelled_alike(lost: Counter[str], gained: Counter[str]) -> bool:
    """Whether only one letter of a long word differs, as in a corrected typing mistake."""
    if lost.total() != gained.total():
        return False
    return all(
        removed == added or _one_letter(removed, added)
        for removed, added in zip(sorted(lost.elements()), sorted(gained.elements()), strict=True)
    )


def _one_letter(left: str, right: str) -> bool:
    """Whether two long words differ as a typing mistake differs from its word, behind the first two letters.

    Two letters changed places, or a vowel, an "h" or a doubled letter came or went, or a letter became one
    that sounds alike. "Asymptomatic", "infection", "contact" are other words than "symptomatic",
    "injection", "contract".
    """
    if min(len(left), len(right)) < 6 or not (left.isalpha() and right.isalpha()):
        return False
    if left[:2] != right[:2] or left.endswith(_DRUGS) or right.endswith(_DRUGS) or {left, right} in _OTHERS:
        return False
    if len(left) == len(right):
        unlike = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
        if len(unlike) == 1:
            return _sound_alike(left[unlike[0] :], right[unlike[0] :])
        return len(unlike) == 2 and unlike[1] == unlike[0] + 1 and left[unlike[0]] == right[unlike[1]]
    shorter, longer = sorted((left, right), key=len)
    return len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter and (longer[i] in "aehiouy" or longer[i] == longer[i - 1])
        for i in range(len(longer))
    )


def _sound_alike(left: str, right: str) -> bool:
    """Whether two ends of words begin with letters that are taken for each other, as in "tion" and "sion"."""
    letters = {left[0], right[0]}
    if letters <= set("cst"):
        return left[1:2] == "i" == right[1:2]
    return any(letters <= set(alike) for alike in ("aeiouy", "ck", "mn"))
