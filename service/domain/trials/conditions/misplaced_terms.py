"""Places in a hierarchy of conditions that contradict the conditions' own names.

Releases of Mondo have a few: parents who follow the acute leukemia of children would hear of each study of a
chronic one of the old, and followers of lymphoma of each study of multiple myeloma, since "B-cell
neoplasm" is placed below lymphoma there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from service.domain.trials.conditions.condition import closure
from service.domain.trials.text import bare, fold

Parents = Mapping[str, Sequence[str]]
Place = tuple[str, str]

_COURSES = frozenset({"acute", "chronic"})
_ILLNESSES = ("leukemia", "lymphoma")
_IMMATURE = "lymphoblastic"
#: Leukemias of mature cells; lymphoblasts are immature (WHO Classification of Haematolymphoid Tumours).
_MATURE = re.compile(r"\b(?:prolymphocytic|plasma cell|nk cell|hairy cell|large granular)\b")
_IN_GENERAL = frozenset({"neoplasm", "neoplasms"})


def misplaced(names: Mapping[str, str], parents: Parents) -> list[Place]:
    """The child and the parent of each place that contradicts the names, in the order of `parents`.

    An acute illness below a chronic one, or the reverse; a leukemia of mature cells below a lymphoblastic
    one; a neoplasm in general below a leukemia or a lymphoma.
    """
    words = {key: bare(name) for key, name in names.items()}
    return [
        (child, parent)
        for child, uppers in parents.items()
        for parent in uppers
        if parent in words and _contradict(words[child], words[parent])
    ]


def placed_by_name(names: Mapping[str, str], parents: Parents, omitted: Iterable[Place]) -> dict[str, str]:
    """The leukemias and lymphomas by name that are below "leukemia" or "lymphoma" by an omitted place alone.

    Each with the key of that term, which becomes a parent; those below another one of them need none.
    """
    tops = {fold(name): key for key, name in names.items() if fold(name) in _ILLNESSES}
    gone = set(omitted)
    left = {
        child: [upper for upper in uppers if (child, upper) not in gone] for child, uppers in parents.items()
    }
    before, after = closure(parents), closure(left)
    found: dict[str, str] = {}
    for illness, top in tops.items():
        lost = {
            key
            for key in parents
            if top in before[key] and top not in after[key] and illness in bare(names[key]).split()
        }
        found |= {key: top for key in sorted(lost) if lost.isdisjoint(set(after[key]) - {key})}
    return found


def _contradict(child: str, parent: str) -> bool:
    of_child, of_parent = set(child.split()), set(parent.split())
    courses = of_child & _COURSES, of_parent & _COURSES
    if len(courses[0]) == len(courses[1]) == 1 and courses[0] != courses[1]:
        return True
    if _IMMATURE in of_parent and _IMMATURE not in of_child and _MATURE.search(child):
        return True
    is_general = bool(of_child & _IN_GENERAL) and of_child.isdisjoint(_ILLNESSES)
    return is_general and parent.split()[-1:] in [[illness] for illness in _ILLNESSES]
