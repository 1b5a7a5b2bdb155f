"""Turns inverted names of conditions around: "Leukemia, Lymphoid" is read as "Lymphoid Leukemia".

MeSH, whose headings the registry uses, writes the noun first (https://www.nlm.nih.gov/mesh/intro_entry.html).
"""

import re

#: Nouns that begin such headings. A comma behind any other word may be one of a list ("Pain, Nausea").
_HEADS = frozenset(
    {
        *("adenocarcinoma", "anaemia", "anemia", "arthritis", "asthma", "carcinoma", "cardiomyopathy"),
        *("caries", "dermatitis", "diabetes insipidus", "diabetes mellitus", "epilepsy", "glaucoma"),
        *("glioma", "hepatitis", "hypersensitivity", "hypertension", "leukaemia", "leukemia", "lymphoma"),
        *("melanoma", "muscular dystrophy", "neoplasm", "neoplasms", "neutropenia", "obesity"),
        *("pneumonia", "sarcoma", "thrombocytopenia", "tuberculosis"),
    }
)

#: The words that end the part of an inverted heading behind its comma.
_MODIFIERS = frozenset(
    {
        *("acute", "adult", "autoimmune", "basal", "benign", "burkitt", "cell", "cerebral", "childhood"),
        *("congenital", "cutaneous", "deficiency", "dental", "dependent", "diffuse", "duchenne", "ewing"),
        *("experimental", "familial", "gestational", "hairy", "hodgkin", "immediate", "infiltrating"),
        *("intestinal", "intraductal", "juvenile", "lobular", "lung", "malignant", "medullary", "morbid"),
        *("negative", "neonatal", "noninfiltrating", "ocular", "papillary", "pediatric", "plasma"),
        *("positive", "postmenopausal", "primary", "pulmonary", "recurrent", "renal", "resistant"),
        *("secondary", "skin", "temporal", "undifferentiated", "ventricular", "viral"),
    }
)
#: Adjectives, known by their endings, and numbered types, which end it too.
_ADJECTIVE = re.compile(r"[a-z]+(?:ic|oid|ous|ular|elial)|angle|induced")
_TYPE = re.compile(r"type (?:\d+|[ivx]+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NO_ADJECTIVES = frozenset({"clinic", "topic"})
_MOST_WORDS = 3


def natural_order(name: str) -> str:
    """A name in the order of speech; unchanged unless it is clearly an inverted heading.

    >>> natural_order("Carcinoma, Non-Small-Cell Lung")
    'Non-Small-Cell Lung Carcinoma'
    >>> natural_order("Leukemia, Myeloid, Acute")
    'Acute Myeloid Leukemia'
    >>> natural_order("Leukemia, Lymphoma")
    'Leukemia, Lymphoma'
    """
    head, *tail = name.split(", ")
    if not tail or head.casefold() not in _HEADS or not all(map(_modifies, tail)):
        return name
    first, *others = reversed([head, *tail])
    if first[0].islower() and head[0].isupper():  # "Leukemia, lymphoid"
        first, others[-1] = first[0].upper() + first[1:], head[0].lower() + head[1:]
    return " ".join([first, *others])


def _modifies(part: str) -> bool:
    if _TYPE.fullmatch(part):
        return True
    words = _WORD.findall(part.casefold())
    if not words or len(part.split()) > _MOST_WORDS or words[-1] in _NO_ADJECTIVES:
        return False
    return words[-1] in _MODIFIERS or _ADJECTIVE.fullmatch(words[-1]) is not None
