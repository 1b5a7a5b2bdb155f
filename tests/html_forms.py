"""The forms of a page, with everything that a visitor could send by them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Control:
    """A field: its kind, its name, what it holds, and what it could hold."""

    kind: str
    name: str
    value: str = ""
    is_on: bool = True
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form with its fields, and its buttons as names and values."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, random: random.Random, texts: dict[str, list[str]]) -> dict[str, list[str]]:
        """Sent by a visitor who changes some fields. `texts`: what they type, by kind of field."""
        sent: dict[str, list[str]] = {}
        for name, value in self._values(random, texts):
            sent.setdefault(name, []).append(value)
        return sent

    def _values(self, random: random.Random, texts: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
        for control in self.controls:
            value = control.value
            if control.kind in texts:
                value = random.choice(texts[control.kind])
            elif control.choices and random.random() < 0.4:
                value = random.choice(control.choices)
            is_on = control.is_on
            if control.kind == "checkbox" and random.random() < 0.2:
                is_on = not is_on
            if is_on:
                yield control.name, value
        if self.buttons:
            name, value = random.choice(self.buttons)
            if name:
                yield name, value


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "button" or given.get("type") == "submit":
            self._form.buttons.append((name, value))
        elif tag == "option":
            self._option(value, "selected" in given)
        elif tag in ("input", "select", "textarea") and name:
            kind = given.get("type", "text") if tag == "input" else tag
            is_on = kind not in ("checkbox", "radio") or "checked" in given
            self._form.controls.append(Control(kind, name, value, is_on))

    def _option(self, value: str, is_selected: bool) -> None:
        if self._form and self._form.controls and (control := self._form.controls[-1]).kind == "select":
            control.choices.append(value)
            if is_selected or len(control.choices) == 1:
                control.value = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def forms_of(html: str) -> list[Form]:
    """The forms of a page, in its order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
