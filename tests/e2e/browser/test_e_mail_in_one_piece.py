"""In the languages that write it with a hyphen, no line of a page or mail ends within the word "e-mail"."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from service.dev.mail_samples import SAMPLES, links_of
from service.languages import language
from service.mail.compose import render
from tests.unit.mail.cast import FRAME

HYPHENATED = ("de", "fr", "it")

#: The widths of the column of text: every place in a sentence comes to stand at the end of a line.
WIDTHS = range(200, 340, 4)

#: Each "e-mail" of the document that stands on more than one line, at any of these widths.
BROKEN = r"""widths => {
  const broken = new Set(); let found = 0
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const words = []
  for (let text; (text = texts.nextNode());)
    for (const word of text.data.matchAll(/e[-‑]mail/gi)) {
      const range = document.createRange()
      range.setStart(text, word.index); range.setEnd(text, word.index + word[0].length)
      words.push([range, text.data.trim()])
    }
  for (const width of widths) {
    document.documentElement.style.width = width + 'px'
    for (const [range, sentence] of words) {
      const lines = new Set([...range.getClientRects()].map(line => line.top))
      found += lines.size > 0
      if (lines.size > 1) broken.add(sentence)
    }
  }
  return {found, broken: [...broken]}
}"""


def assert_unbroken(page: Page) -> None:
    seen = page.evaluate(BROKEN, list(WIDTHS))
    assert seen["broken"] == []
    assert seen["found"] > 0


@pytest.mark.parametrize("code", HYPHENATED)
def test_an_e_mail_is_unbroken_in_mails(browser: Browser, code: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    for sample in SAMPLES:
        mail = sample.make(links_of("https://alerts.example.org"), language(code))
        page.set_content(render(mail, frame=FRAME, language=code).html)
        assert_unbroken(page)
    page.close()


@pytest.mark.parametrize("code", HYPHENATED)
@pytest.mark.parametrize("path", ["subscribe?topic=trial:NCT04787263", "preferences", "unsubscribe/none"])
def test_an_e_mail_is_unbroken_in_pages(open_page: Callable[..., Page], code: str, path: str) -> None:
    page = open_page(f"/{code}/{path}", width=320, expected="404")
    assert_unbroken(page)
