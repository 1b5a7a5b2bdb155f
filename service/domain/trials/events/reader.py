"""Reads and normalizes a JSON object field by field, collecting all problems in plain words."""

import re
from collections.abc import Mapping
from typing import Any

from service.domain.trials.conditions.condition import condition_key
from service.domain.trials.events import limits
from service.domain.trials.events.texts import enumeration, is_shown, is_web_address, plain
from service.domain.trials.trial_ids import is_nct_number, trial_number

_PHASES = re.compile(r"(?<!\bN)/|[|,]", re.IGNORECASE)  # but for "N/A"
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
LARGEST_REVISION = 2**63 - 1

FieldProblem = tuple[str, str]


class InvalidSnapshot(ValueError):
    """An event's data is invalid; `problems` are the fields and what is wrong, in plain words."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in problems))
        self.problems = problems


def whole(value: Any) -> Any:
    """An integer for one written as 2.0, which is one by JSON Schema; anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Reader:
    """Reads fields of a JSON object, collecting all problems instead of stopping at the first."""

    def __init__(self, data: Any) -> None:
        self.problems: list[FieldProblem] = []
        if not isinstance(data, Mapping):
            raise InvalidSnapshot((("data", "must be an object"),))
        self.data = data

    def problem(self, field: str, message: str) -> None:
        if len(self.problems) < limits.MOST_PROBLEMS:
            self.problems.append((field, message))

    def finish(self) -> None:
        if self.problems:
            raise InvalidSnapshot(tuple(self.problems))

    def text(self, field: str) -> str | None:
        return self._text(self.data.get(field), field)

    def _text(self, value: Any, field: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = "\n".join(value)
        if not isinstance(value, str):
            self.problem(field, "must be a text")
            return None
        return self._short(value, field)

    def _short(self, text: str, field: str) -> str | None:
        """The plain text, None if it is too long for the field."""
        most = limits.most_characters(field)
        if len(text) > most:
            self.problem(field, f"must have {most:,} characters at most")
            return None
        return plain(text)

    def _few(self, value: list[Any], field: str) -> bool:
        """Whether a list is short enough."""
        most = limits.most_entries(field)
        if len(value) > most:
            self.problem(field, f"must hold {most:,} entries at most")
        return len(value) <= most

    def required_text(self, field: str) -> str:
        if self.data.get(field) is None:
            self.problem(field, "is missing")
            return ""
        before = len(self.problems)
        text = self.text(field)
        if (text is None or not is_shown(text)) and len(self.problems) == before:
            self.problem(field, "must not be empty")
        return text.strip() if text else ""

    def texts(self, field: str) -> list[str] | None:
        value = self.data.get(field)
        if value is None:
            return None
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(field, "must be a list of texts")
            return None
        if not self._few(value, field):
            return None
        texts = [self._short(item, f"{field}[{position}]") for position, item in enumerate(value)]
        return [text for text in texts if text]

    def phases(self, field: str) -> list[str] | None:
        found = self.texts(field)
        if found is None:
            return None
        parts = (part for text in found for part in _PHASES.split(text))
        return [phase for part in parts if (phase := enumeration(part))]

    def trial_id(self) -> str:
        """The trial's number: `nct_id`, or `trial_id` of another registry; "" without either."""
        nct_id, trial_id = self.data.get("nct_id"), self.data.get("trial_id")
        if trial_id is not None:
            number = self.trial_number("trial_id")
            if nct_id not in (None, number or nct_id):
                self.problem("trial_id", "must be left out beside nct_id, or be the same")
            return number
        if nct_id is None:
            self.problem("nct_id", "is missing")
        elif not isinstance(nct_id, str) or not is_nct_number(nct_id):
            other = isinstance(nct_id, str) and trial_number(nct_id)
            hint = "; the number of another registry is a trial_id" if other else ""
            self.problem("nct_id", "must be NCT and eight digits, such as NCT04787263" + hint)
        else:
            return nct_id
        return ""

    def trial_number(self, field: str) -> str:
        """A trial's number in any registry; "" if it is invalid."""
        value = self.data.get(field)
        if value is None:
            self.problem(field, "is missing")
            return ""
        number = trial_number(value) if isinstance(value, str) else None
        if number is None:
            self.problem(
                field, "must be a trial's number in its registry, such as NCT04787263 or ISRCTN12345678"
            )
        return number or ""

    def revision(self) -> int:
        value = whole(self.data.get("revision"))
        if value is None:
            self.problem("revision", "is missing")
        elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_REVISION:
            self.problem("revision", "must be a whole number that is not negative")
        else:
            return value
        return 0

    def choice(self, field: str, known: frozenset[str], default: str) -> str:
        value = self.data.get(field)
        if value is None:
            return default
        if not isinstance(value, str) or value not in known:
            self.problem(field, f"must be one of {', '.join(sorted(known))}")
            return default
        return value

    def url(self, field: str) -> str:
        text = self.required_text(field)
        if text and not is_web_address(text):
            self.problem(field, "must be a web address that begins with https:// or http://")
        return text

    def optional_url(self, field: str) -> str | None:
        """A URL; "" means that there is none, unlike an absent field."""
        value = self.data.get(field)
        if value is None or value == "":
            return value
        return self.url(field) or None

    def enumerated(self, field: str) -> str | None:
        """A value of one of the registry's enumerations, known or not."""
        text = self.text(field)
        return (enumeration(text) or None) if text else None

    def required_enumerated(self, field: str) -> str:
        """A value of one of the registry's enumerations, which must not be empty or punctuation alone."""
        text = self.required_text(field)
        value = enumeration(text)
        if text and not value:
            self.problem(field, "must not be empty")
        return value

    def flag(self, field: str) -> bool | None:
        value = self.data.get(field)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        self.problem(field, "must be true or false")
        return None

    def date(self, field: str) -> str | None:
        return self._date(self.data.get(field), field)

    def _date(self, value: Any, field: str) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, str) and _DATE.fullmatch(value[:10]) and (len(value) <= 10 or value[10] in "T "):
            return value[:10]
        self.problem(field, "must be a date, such as 2026-12-01 or 2026-12")
        return None

    def dated(self, field: str) -> dict[str, str] | None:
        value = self.data.get(field)
        if isinstance(value, str):
            value = {"date": value}
        parts = self.object(value, field)
        if parts is None:
            return None
        day = self._date(parts.get("date"), f"{field}.date")
        if day is None:
            return None
        kind = enumeration(self._text(parts.get("type"), f"{field}.type") or "")
        return {"date": day, "type": kind} if kind else {"date": day}

    def enrollment(self, field: str) -> dict[str, Any] | None:
        value = whole(self.data.get(field))
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            value = {"count": value}
        parts = self.object(value, field)
        if parts is None:
            return None
        count = whole(parts.get("count"))
        if isinstance(count, str) and count.isascii() and count.isdigit() and len(count) < 12:
            count = int(count)
        if count is None:
            return None
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            self.problem(f"{field}.count", "must be a whole number that is not negative")
            return None
        if count > limits.MOST_PARTICIPANTS:
            self.problem(f"{field}.count", f"must be {limits.MOST_PARTICIPANTS:,} at most")
            return None
        kind = enumeration(self._text(parts.get("type"), f"{field}.type") or "")
        return {"count": count, "type": kind} if kind else {"count": count}

    def conditions(self, field: str) -> list[dict[str, str]]:
        if self.data.get(field) is None:
            self.problem(field, "is missing")
            return []
        found = self.objects(field, ("id", "name"), text_is="name") or []
        for position, condition in enumerate(found):
            if "name" not in condition:
                self.problem(f"{field}[{position}].name", "is missing")
            elif not condition_key(condition):
                self.problem(f"{field}[{position}].name", "must hold letters or digits")
        return found

    def objects(self, field: str, names: tuple[str, ...], text_is: str) -> list[dict[str, str]] | None:
        value = self.data.get(field)
        if value is None:
            return None
        if isinstance(value, (str, Mapping)):
            value = [value]
        if not isinstance(value, list):
            self.problem(field, "must be a list")
            return None
        if not self._few(value, field):
            return None
        found = []
        for position, item in enumerate(value):
            if isinstance(item, str):
                before = len(self.problems)
                item = {text_is: self._text(item, f"{field}[{position}].{text_is}")}
                if len(self.problems) > before:  # named as it was sent: a text, not an object's field
                    self.problems[-1] = (f"{field}[{position}]", self.problems[-1][1])
            if not isinstance(item, Mapping):
                self.problem(f"{field}[{position}]", "must be an object")
                continue
            read = {}
            for name in names:
                part = item.get(name)
                if part is None:
                    continue
                if limits.is_short(part):
                    text = plain(part)
                else:
                    read_part = self._contact if name == "contact" else self._text
                    text = read_part(part, f"{field}[{position}].{name}")
                if text is not None:
                    read[name] = text
            if read:
                found.append(read)
        return found

    def _contact(self, contact: Any, field: str) -> str | None:
        """A site's contact as one text: "Anna Rossi, +39 06 1, anna@example.org"."""
        if not isinstance(contact, Mapping):
            return self._text(contact, field)
        parts = (self._text(contact.get(part), f"{field}.{part}") for part in ("name", "phone", "email"))
        return ", ".join(part for part in parts if part) or None

    def object(self, value: Any, field: str) -> Mapping[str, Any] | None:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.problem(field, "must be an object")
            return None
        return value
