"""The phone's scripts that a page without a browser cannot try: a message written without a network, a lesson read aloud."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.driving import Open
from tests.serving import Site

PATIENT = "patient@example.test"
TEXT = "Written in the subway."
VOICES = """
window.said = [];
class Voice { constructor() { this.lang = "en-US"; } }
const speaking = { queue: [], getVoices: () => [new Voice()], cancel() { this.queue = []; }, pause() {}, resume() {},
  speak(one) { window.said.push(one.text.trim()); if (one.onend) setTimeout(() => one.onend(), 0); } };
Object.defineProperty(window, "speechSynthesis", { value: speaking });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture(scope="module")
def site(sample_site: Site) -> Site:
    return sample_site


def test_a_message_that_is_written_without_a_network_goes_out_once(opened: Open) -> None:
    page = opened("/me/messages", PATIENT, width=390)
    there = page.get_by_text(TEXT).count()
    page.context.set_offline(True)
    page.get_by_label("Write to your therapist").fill(TEXT)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Saved on this phone. Not sent yet.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".mine .bubble").get_by_text(TEXT)).to_have_count(there + 1)
    expect(page.get_by_label("Write to your therapist")).to_have_value("")


def test_a_text_that_was_begun_is_there_again(opened: Open) -> None:
    page = opened("/me/messages", PATIENT, width=390)
    page.get_by_label("Write to your therapist").fill("Half a sen")
    page.reload()
    expect(page.get_by_label("Write to your therapist")).to_have_value("Half a sen")
    page.goto(page.url.replace("/me/messages", "/me/leave"))
    expect(page.locator("[data-unsent]")).to_contain_text("1")


def test_a_lesson_turns_its_pages_and_reads_them(opened: Open) -> None:
    page = opened("/me/understand", PATIENT, width=390)
    expect(page.locator("[data-aloud]")).to_be_hidden()  # this browser has no voice of its own
    page.add_init_script(VOICES)
    page.get_by_role("link", name="Stay active").click()
    ideas = page.locator("[data-idea]")
    expect(ideas.first).to_be_visible()
    expect(ideas.nth(1)).to_be_hidden()
    page.get_by_role("button", name="Next").click()
    expect(ideas.nth(1)).to_be_visible()
    page.get_by_role("button", name="Read aloud").click()
    expect(page.get_by_role("button", name="I have read this")).to_be_visible()
    said = page.evaluate("window.said")
    assert said[0] in ideas.nth(1).inner_text()
    assert ideas.first.inner_text().strip() not in " ".join(said)
    expect(page.get_by_role("button", name="Read aloud")).to_be_visible()
