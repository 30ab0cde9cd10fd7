"""Visits, notes, re-evaluation and discharge in a real browser: every tick is kept, nothing typed is lost, nothing hinders."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.browser.driving import Held, Open, sent
from tests.serving import Site, serving

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("visits"), fill="tests.browser.visit_people:fill") as running:
        yield running


@pytest.fixture(scope="module")
def password() -> str:
    return PASSWORD


@pytest.fixture(scope="module")
def usual() -> str:
    return "dara"


@pytest.fixture(scope="module")
def paths(site: Site) -> dict[str, str]:
    """The addresses of the pages, found by following links, as people do."""
    found = {}
    for who, name in (("dara", "Marisol"), ("sam", "Theo")):
        visitor = site.visitor(f"{who}@example.test", password=PASSWORD)
        list_ = visitor.get("/today").text
        episodes = dict.fromkeys(re.findall(r"/episodes/(\w{12})", list_))
        refs = [ref for ref in episodes if f">{name}" in (page := visitor.get(f"/episodes/{ref}").text) or f"{name} " in page]
        visits = visitor.get(f"/episodes/{refs[0]}/visits").text
        visit = re.search(r'<tr class="next">.*?/visits/(\w{12})', visits, re.DOTALL)
        assert visit, visits
        note = re.search(r"/notes/(\w{12})", visits)
        visitor.close()
        found |= {f"{name} visits": f"/episodes/{refs[0]}/visits", f"{name} visit": f"/visits/{visit[1]}"}
        found |= {
            f"{name} reevaluation": f"/episodes/{refs[0]}/reevaluation",
            f"{name} discharge": f"/episodes/{refs[0]}/discharge",
        }
        if note:
            found[f"{name} note"] = f"/notes/{note[1]}"
    return found


def test_a_tick_is_kept_and_the_note_follows(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol visit"])
    row = page.locator("[aria-labelledby=group-manual] .do").first
    row.get_by_role("checkbox").check()
    row.get_by_label("Segments").fill("T5 to T7")
    row.get_by_label("Segments").blur()
    expect(page.locator("#live-note")).to_contain_text("T5 to T7")
    row.get_by_label("Test before and after").select_option(label="Pain now (0-10)")
    row.get_by_label("Before", exact=True).fill("5")
    row.get_by_label("Before", exact=True).blur()
    row.get_by_label("After", exact=True).fill("3")
    row.get_by_label("After", exact=True).blur()
    expect(row).to_contain_text("error not known")
    page.reload()
    expect(page.locator("#live-note")).to_contain_text("Pain now (0-10): 5/10 before, 3/10 after")


def test_a_row_listens_as_soon_as_it_is_drawn(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol visit"])
    page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
             const test = document.querySelector("[aria-labelledby=group-manual] .do:nth-of-type(2) select[name=test]");
             test.value = test.options[1].value;
             test.dispatchEvent(new Event("change", { bubbles: true }));
           }), { once: true })"""
    )
    row = page.locator("[aria-labelledby=group-manual] .do").nth(1)
    row.get_by_role("checkbox").check()
    expect(row.get_by_label("Before", exact=True)).to_be_visible()
    row.get_by_role("checkbox").uncheck()
    expect(row.get_by_label("Minutes")).to_have_count(0)


def test_a_visit_that_is_finished_at_once_has_what_was_typed_last(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol visit"])
    row = page.locator("[aria-labelledby=group-manual] .do").nth(1)
    with sent(page):
        row.get_by_role("checkbox").check()
    held = Held(page)
    row.get_by_label("Response").fill("less stiff")
    row.get_by_label("Response").blur()
    row.get_by_label("Segments").fill("T3")
    page.get_by_role("button", name="Finish").click()
    held.let_go()
    page.wait_for_url("**/notes/*")
    expect(page.locator("#note-form")).to_contain_text("T3")


def test_a_number_that_the_field_refuses_is_said_at_the_field_and_not_sent(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol visit"])
    row = page.locator("[aria-labelledby=group-manual] .do").nth(1)
    row.get_by_role("checkbox").check()
    minutes = row.get_by_label("Minutes")
    minutes.fill("9999")
    minutes.press("Tab")
    expect(minutes).to_be_focused()
    assert "240" in minutes.evaluate("field => field.validationMessage")


def test_a_question_is_answered_by_keyboard_and_keeps_the_focus(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol visit"])
    page.locator("#ask-rs_visit_fever-none").focus()
    page.keyboard.press("Space")
    expect(page.locator("#asked-count")).to_contain_text("1 of 8")
    assert page.evaluate("document.activeElement.id") == "ask-rs_visit_fever-none"
    page.locator("#ask-rs_visit_new-something").check(force=True)
    expect(page.locator("#ask-rs_visit_new")).to_contain_text("Anticoagulant")


def test_a_lost_connection_loses_no_tick(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol visit"])
    page.context.set_offline(True)
    page.locator("#pain-after-2").check(force=True)
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("1 to send")
    page.context.set_offline(False)  # the page notices by itself, and sends what waits
    expect(page.locator("#offline")).to_be_hidden()
    page.reload()
    assert page.locator("#pain-after-2").is_checked()


def test_a_home_session_brings_a_proposal_and_a_decision(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol visit"])
    row = page.locator(".home").first
    row.locator(".home-days input").nth(3).check(force=True)
    row.get_by_label("Usual pain").fill("2")
    row.get_by_label("In the set").fill("8")
    row.get_by_label("In the set").blur()
    expect(row).to_contain_text("step back")
    row.get_by_label("Step back").check(force=True)
    expect(page.locator("#live-note")).to_contain_text("step back")


def test_the_note_saves_while_one_types(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Theo note"], who="sam")
    page.get_by_label("Plan", exact=True).fill("Go on alone; call in 2 weeks.")
    expect(page.locator("#mark-plan")).to_contain_text("edited")
    page.reload()
    expect(page.get_by_label("Plan", exact=True)).to_have_value("Go on alone; call in 2 weeks.")


def test_two_at_the_same_note_the_second_is_told_and_loses_no_typing(opened: Open, paths: dict[str, str]) -> None:
    first, second = opened(paths["Theo note"], who="sam"), opened(paths["Theo note"], who="dara")
    first.get_by_label("Subjective").fill("Slept well.")
    expect(first.locator("#mark-subjective")).to_contain_text("edited")
    second.get_by_label("Objective").fill("Typed at the same time.")
    expect(second.locator("#note-problem")).to_contain_text("Sam Ortiz, PT saved this note")
    expect(second.get_by_label("Objective")).to_have_value("Typed at the same time.")
    first.get_by_role("button", name="Sign the note").click()
    expect(first.locator("main")).to_contain_text("Signed by Sam Ortiz, PT")
    second.get_by_role("button", name="Sign the note").click()
    expect(second.locator("main")).to_contain_text("Sam Ortiz, PT signed this note")
    assert "Objective: Typed at the same time." in second.get_by_label("Add to the signed note").input_value()


def test_a_measure_typed_in_place_moves_to_then_and_now(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Marisol reevaluation"])
    page.get_by_label("PSFS, mean of the chosen activities (0-10)").fill("7")
    page.get_by_label("PSFS, mean of the chosen activities (0-10)").blur()
    expect(page.locator(".then-now").first).to_contain_text("real, and matters")


def test_another_pathway_shows_its_criteria_and_keeps_the_summary(opened: Open, paths: dict[str, str]) -> None:
    page = opened(paths["Theo discharge"], who="sam")
    page.get_by_label("Summary").fill("Half written.")
    page.get_by_label("Plateau").check(force=True)
    expect(page.locator("#criteria")).to_contain_text("2 changes of the plan")
    expect(page.get_by_label("Summary")).to_have_value("Half written.")
