"""The door and the house in a real browser: passkeys under the strict policy, the whole way of a rule."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.driving import Open, is_refusal
from tests.serving import PASSWORD, Site

OWNER, THERAPIST = "dana@example.test", "sam@example.test"


@pytest.fixture(scope="module")
def site(sample_site: Site) -> Site:
    return sample_site


def test_the_door_by_keyboard_alone(opened: Open, site: Site) -> None:
    page = opened("/account/login/?next=/audit")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(OWNER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/audit")
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()


def test_the_policy_really_stops_an_inline_script(browser: Browser, site: Site) -> None:
    """The counterproof: what the other tests listen for is heard."""
    page = browser.new_page()
    heard: list[str] = []
    page.on("console", lambda line: heard.append(line.text))
    page.goto(f"{site.url}/account/login/")
    add = 'const s = document.createElement("script"); s.textContent = "window.ran = true"; document.body.append(s);'
    assert page.evaluate(f"() => {{ {add} return window.ran }}") is None
    assert any(is_refusal(words) for words in heard)
    page.close()


def test_a_passkey_is_added_and_opens_the_door_alone(browser: Browser, site: Site) -> None:
    """With the browser's own virtual authenticator; `localhost`, since a passkey belongs to a name."""
    home = site.url.replace("127.0.0.1", "localhost")
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(45_000)
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if is_refusal(line.text) else None)
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": kind})

    page.goto(f"{home}/account/login/")
    page.get_by_label("E-mail").fill(THERAPIST)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{home}/account/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Front office laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{home}/account/2fa/webauthn/")
    expect(page.get_by_role("heading", name="Front office laptop")).to_be_visible()

    page.get_by_role("button", name=re.compile("account and theme")).click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{home}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile("/today$"))

    page.goto(f"{home}/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("link", name="Use your passkey").click()
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()
    assert refused == []
    context.close()


def test_a_passkey_that_is_not_there_is_said_in_place(opened: Open, site: Site) -> None:
    page = opened("/account/login/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible()


def test_a_rule_is_read_signed_off_and_reworded(opened: Open, site: Site) -> None:
    page = opened("/rules?show=all&kind=factor", THERAPIST)
    page.get_by_role("link", name="Long sitting", exact=True).click()
    expect(page.get_by_role("heading", name="Long sitting")).to_be_visible()
    expect(page.get_by_text("any of").first).to_be_visible()
    page.get_by_role("button", name="Sign off, next rule").click()
    expect(page.get_by_text("Signed off: Long sitting.")).to_be_visible()

    page.goto(f"{site.url}/rules/factor/sedentary_exposure")
    expect(page.get_by_text("Signed off by")).to_be_visible()
    page.get_by_role("link", name="Change it here").click()
    text = page.get_by_label("Text", exact=True)
    shipped = text.input_value()
    text.fill(shipped.replace("sitting_load OR", "siting_load OR"))
    page.get_by_label("Why this clinic departs").fill("Our people sit for their whole working day.")
    page.get_by_role("button", name="Check, and put in force").click()
    expect(page.get_by_text('did you mean "sitting_load"?')).to_be_visible()
    assert "siting_load OR" in text.input_value()
    text.fill(shipped.replace('name = "Long sitting"', 'name = "Sitting for long"'))
    page.get_by_role("button", name="Check, and put in force").click()
    expect(page.get_by_role("heading", name="Sitting for long")).to_be_visible()
    expect(page.get_by_text("Local wording").first).to_be_visible()
    expect(page.get_by_text("Changed since it was signed off")).to_be_visible()

    page.get_by_role("link", name="Change it here").click()
    page.get_by_role("button", name="Go back to the shipped text").click()
    expect(page.get_by_role("heading", name="Long sitting")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("button", name="Sign off, next rule")).to_be_visible()


def test_somebody_is_invited_and_sets_a_password(opened: Open, site: Site, browser: Browser) -> None:
    page = opened("/settings/people", OWNER)
    page.get_by_label("E-mail").fill("nia@example.test")
    page.get_by_label("Name", exact=True).fill("Nia New")
    page.get_by_role("radio", name="Auditor").check(force=True)
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Link").input_value()

    context = browser.new_context()
    hers = context.new_page()
    hers.goto(link)
    hers.get_by_label("New password").fill("violet kettle nine")
    hers.get_by_label("The same once more").fill("violet kettle nine")
    hers.get_by_role("button", name="Set the password").click()
    hers.get_by_role("link", name="Sign in").click()
    hers.get_by_label("E-mail").fill("nia@example.test")
    hers.get_by_label("Password").fill("violet kettle nine")
    hers.get_by_role("button", name="Sign in", exact=True).click()
    hers.wait_for_url(re.compile("/audit$"))
    context.close()


def test_the_trail_is_verified_with_one_button(opened: Open) -> None:
    page = opened("/audit", OWNER)
    page.get_by_role("button", name="Verify the whole trail").click()
    expect(page.get_by_text(re.compile(r"All \d+ events hold"))).to_be_visible()
