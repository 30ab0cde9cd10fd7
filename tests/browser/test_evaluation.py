"""The evaluation in a real browser: tapped, typed, by keyboard alone, without a connection and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.driving import Held, Open, problems_of
from tests.serving import Site, serving

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("evaluation"), fill="tests.browser.evaluation_people:fill") as running:
        yield running


@pytest.fixture(scope="module")
def password() -> str:
    return PASSWORD


@pytest.fixture(scope="module")
def usual() -> str:
    return "dara"


@pytest.fixture(scope="module")
def refs(site: Site) -> dict[str, str]:
    visitor = site.visitor("dara@example.test", password=PASSWORD)
    found = {}
    for ref in dict.fromkeys(re.findall(r"/people/(\w{12})", visitor.get("/people").text)):
        text = visitor.get(f"/people/{ref}").text
        name = "marisol" if "Marisol" in text else "theo"
        episode = re.search(r"/episodes/(\w{12})", text)
        assert episode
        found[name] = episode[1]
    visitor.close()
    return found


@pytest.fixture
def at(opened: Open, refs: dict[str, str]) -> Open:
    """The evaluation of Marisol, at a section."""

    def open_section(section: str = "motion", name: str = "marisol", **given: Any) -> Page:
        return opened(f"/episodes/{refs[name]}/evaluation?section={section}", **given)

    return open_section


def test_a_tapped_answer_is_kept_and_the_reasoning_moves(at: Open) -> None:
    page = at("joints")
    row = page.locator("#row-joint_crepitus")
    row.get_by_role("button", name="Yes").click()
    expect(row.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    expect(row).to_have_class(re.compile(r"\bnow\b"))
    expect(page.locator("#reasoning .pattern.changed", has_text="Degenerative")).to_have_count(1)
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(row.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")


def test_a_number_typed_into_a_row_keeps_what_is_typed_beside_it(at: Open) -> None:
    page = at("motion")
    left, right = page.locator("#v-rom_cervical_rot_l"), page.locator("#v-rom_cervical_rot_r")
    left.fill("55")
    left.press("Tab")
    right.press_sequentially("71", delay=30)
    expect(page.locator("#row-rom_cervical_rot .response")).to_contain_text("Left low")
    expect(right).to_have_value("71")
    right.press("Tab")
    expect(page.locator("#row-rom_cervical_rot .response")).to_contain_text("16° apart")


def test_a_refused_number_stays_and_its_field_says_that_it_does_not_stand(at: Open) -> None:
    page = at("motion")
    field = page.locator("#v-rom_cervical_flexion")
    field.fill("400")
    field.press("Tab")
    expect(page.locator("#refusal")).to_contain_text("outside 0 to 90")
    expect(field).to_have_value("400")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    field.fill("44")
    field.press("Tab")
    expect(page.locator("#refusal")).not_to_contain_text("outside")
    expect(page.locator("#v-rom_cervical_flexion[aria-invalid]")).to_have_count(0)


def test_the_fast_entry_is_read_recorded_repeated_and_cleared(at: Open) -> None:
    page = at("strength")
    page.keyboard.press("/")
    field = page.locator("#fast-entry")
    expect(field).to_be_focused()
    page.keyboard.type("rott r 31", delay=10)
    expect(page.locator("#fast-reads")).to_contain_text('Did you mean "rot"?')
    page.keyboard.press("Enter")
    expect(field).to_have_value("rott r 31")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.keyboard.type("pa t7 stiff", delay=10)
    expect(page.locator("#fast-reads")).to_contain_text("Central pressure T7, mobility: stiff.")
    expect(page.locator('[data-bone="T7"]')).to_have_class(re.compile("pending"))
    page.keyboard.press("Enter")
    expect(page.locator("#fast-reads")).to_contain_text("Recorded")
    expect(field).to_have_value("")
    expect(page.locator('[data-level="T7"]')).to_have_attribute("aria-label", "T7: stiff")
    expect(page.locator("#section-name")).to_have_text(re.compile("Joints"))
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("pa t7 stiff")


def test_a_danger_is_raised_and_lowered_without_leaving_the_page(at: Open) -> None:
    page = at("said-symptoms", name="theo", who="sam")
    page.locator("#row-gate_head").get_by_role("button", name="Some of it").click()
    danger = page.locator("#row-rf_headache_thunderclap").get_by_role("button", name="Yes")
    danger.click()
    expect(danger).to_have_attribute("aria-pressed", "true")
    card = page.locator("#reasoning .concern", has_text="Lower this concern").first
    expect(card).to_be_visible()
    expect(page.locator("#reasoning .hold")).to_contain_text("Treatment is on hold")
    expect(page.locator("#personbar")).to_contain_text("Treatment on hold")
    name = card.locator("h4").inner_text()
    card.get_by_role("link", name="Why").click()
    expect(card.locator(".why-box")).to_contain_text("because")
    card.get_by_role("link", name="Lower this concern").click()
    card.get_by_role("textbox").fill("MRI of today shows no compression, Dr. Reyes")
    card.get_by_role("button", name="Lower this concern").click()
    expect(page.locator("#fold-lowered")).to_contain_text(name)


def test_the_keyboard_alone_is_enough(at: Open) -> None:
    page = at("palpation")
    page.keyboard.press("/")
    page.keyboard.type("nrs 4", delay=10)
    expect(page.locator("#fast-reads")).to_contain_text("Pain now")
    page.keyboard.press("Enter")
    expect(page.locator("#fast-reads")).to_contain_text("Recorded")
    level = page.locator('[data-level="T4"]')
    page.locator('[data-level="C7"]').focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(level).to_be_focused()
    page.keyboard.press("Space")
    expect(level).to_have_attribute("aria-label", "T4: stiff")
    expect(page.locator("#saved")).to_contain_text("Saved")
    region = page.locator("#pictures .region[data-region='interscapular_r']").first
    region.focus()
    page.keyboard.press("Space")
    expect(region).to_have_attribute("aria-checked", "true")
    page.wait_for_timeout(900)
    page.reload()
    expect(page.locator('[data-level="T4"]')).to_have_attribute("aria-label", "T4: stiff")
    expect(page.locator("#pictures .region[data-region='interscapular_r']").first).to_have_attribute("aria-checked", "true")


def test_a_lost_connection_loses_nothing_and_says_so(at: Open) -> None:
    page = at("motion")
    page.context.set_offline(True)
    page.locator("#v-rom_cervical_flexion").fill("47")
    page.locator("#v-rom_cervical_flexion").press("Tab")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator(".unsent")).to_contain_text("Cervical flexion")
    page.keyboard.press("/")
    page.keyboard.type("sbp 142", delay=10)
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).to_contain_text("2 to send")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden(timeout=20_000)
    expect(page.locator(".unsent")).to_have_count(0)
    page.reload()
    expect(page.locator("#v-rom_cervical_flexion")).to_have_value("47")
    page.locator("#sections a", has_text="Vital signs").click()
    expect(page.locator("#v-sbp_mmhg")).to_have_value("142")


def test_an_answer_that_comes_late_does_not_lie_over_what_was_done_since(at: Open) -> None:
    page = at("said-symptoms", name="theo", who="sam")
    held = Held(page)
    gate = page.locator("#row-gate_fever").get_by_role("button", name="Some of it")
    sweats = page.locator("#row-rf_night_sweats").get_by_role("button", name="Yes")
    gate.click()
    sweats.click()
    held.let_go()
    expect(page.locator("#saved")).to_contain_text("Saved")
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(sweats).to_have_attribute("aria-pressed", "true")
    expect(gate).to_have_attribute("aria-pressed", "true")


def test_a_box_ticked_while_the_last_one_is_sent_is_kept(at: Open) -> None:
    page = at("said-pain", name="theo", who="sam")
    page.locator("#choose-pain_quality summary").click()
    held = Held(page)
    page.locator("#choose-pain_quality").get_by_label("Burning").check()
    page.locator("#choose-pain_quality").get_by_label("Sharp").check()
    held.let_go(after_ms=100)
    expect(page.locator("#choose-pain_quality summary")).to_have_text(re.compile("burning.*sharp|sharp.*burning", re.IGNORECASE))
    page.reload()
    expect(page.locator("#choose-pain_quality input:checked")).to_have_count(2)


def test_what_is_begun_in_a_section_survives_that_it_is_drawn_anew(at: Open) -> None:
    page = at("said-pain", name="theo", who="sam")
    held = Held(page)
    page.locator("#v-breath_effect").select_option(index=1)
    page.locator("#v-pattern_24h").select_option(index=2)
    page.locator("#v-time_to_settle_min").press_sequentially("25")
    held.let_go(after_ms=0)
    expect(page.locator("#row-breath_effect option[selected]")).to_have_count(1)
    field = page.locator("#v-time_to_settle_min")
    expect(field).to_have_value("25")
    field.press("Tab")
    expect(page.locator("input[name='was.time_to_settle_min']")).to_have_value("25")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(field).to_have_value("25")
    expect(page.locator("#v-pattern_24h")).not_to_have_value("")


def test_a_press_counts_though_its_button_is_drawn_anew_meanwhile(at: Open) -> None:
    page = at("said-pain", name="theo", who="sam")
    held = Held(page)
    button = page.locator("#row-nrs_best_24h").get_by_role("button", name="1", exact=True)
    page.locator("#v-pattern_24h").select_option(index=1)
    button.hover()
    page.mouse.down()
    held.let_go(after_ms=0)
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.mouse.up()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_choice_that_is_on_its_way_is_sent_once(at: Open) -> None:
    page = at("said-pain", name="theo", who="sam")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    held = Held(page)
    page.locator("#v-breath_effect").select_option(index=2)
    page.locator("#v-night_wake_reason").select_option(index=2)
    held.let_go()
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.wait_for_timeout(300)
    assert len([one for one in asked if "v.night_wake_reason=" in one]) == 1


def test_what_still_waits_is_sent_when_the_page_is_left(at: Open) -> None:
    page = at("motion")
    slow = {"offline": False, "latency": 1500, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    for name, value in (("#v-rom_cervical_rot_l", "61"), ("#v-rom_cervical_latflex_l", "33")):
        page.locator(name).fill(value)
        page.locator(name).press("Tab")
    page.goto("about:blank")
    again = at("motion")
    for _ in range(40):
        if again.locator("#v-rom_cervical_latflex_l").input_value():
            break
        again.wait_for_timeout(250)
        again.reload()
    expect(again.locator("#v-rom_cervical_latflex_l")).to_have_value("33")


def test_an_entry_that_waited_does_not_follow_a_newer_one(at: Open) -> None:
    page = at("motion")
    page.route("**/findings", lambda route: route.abort(), times=1)
    field = page.locator("#v-rom_cervical_flexion")
    field.fill("41")
    field.press("Tab")
    expect(page.locator(".unsent")).to_contain_text("Cervical flexion")
    field.fill("43")
    field.press("Tab")
    expect(page.locator(".unsent")).to_have_count(0)
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(page.locator("#v-rom_cervical_flexion")).to_have_value("43")


def test_an_entry_is_kept_though_its_row_was_drawn_anew_before_the_connection_went(at: Open) -> None:
    page = at("said-pain", name="theo", who="sam")
    held = Held(page)
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if "v.pattern_24h" not in (route.request.post_data or "") or lost:
            return route.fallback()
        lost.append("v.pattern_24h")
        return route.abort()

    page.route("**/findings", lose_once)
    page.locator("#v-breath_effect").select_option(index=3)
    page.locator("#v-pattern_24h").select_option(index=3)
    held.let_go()
    expect(page.locator("#saved")).to_contain_text("1 to send")
    expect(page.locator(".unsent")).to_have_count(0)
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert lost
    page.reload()
    assert page.locator("#v-pattern_24h").evaluate("select => select.selectedIndex") == 3


def test_two_therapists_at_once_both_keep_their_values(at: Open) -> None:
    mine, other = at("motion"), at("motion", who="sam")
    other.locator("#v-rom_cervical_extension").fill("64")
    other.locator("#v-rom_cervical_extension").press("Tab")
    expect(other.locator("#saved")).to_contain_text("Saved")
    mine.locator("#v-rom_cervical_extension").fill("58")
    mine.locator("#v-rom_cervical_extension").press("Tab")
    row = mine.locator("#row-rom_cervical_extension")
    expect(row).to_contain_text("Sam Ortiz")
    row.get_by_role("button", name="Record 58°").click()
    expect(mine.locator("#v-rom_cervical_extension")).to_have_value("58")


def test_the_patients_answer_is_confirmed(at: Open) -> None:
    page = at("said-lifestyle")
    answer = page.locator("ul.said > li").first
    words = answer.locator("b").inner_text()
    answer.get_by_role("button", name="Confirm").click()
    expect(page.locator("ul.said > li", has_text=words)).to_have_count(0)


def test_the_front_desk_types_in_and_is_told_what_to_do(opened: Open, refs: dict[str, str]) -> None:
    page = opened(f"/episodes/{refs['marisol']}/intake", who="finn")
    page.locator("#q-gate_head").get_by_text("Yes, something of it").click()
    expect(page.locator("#behind-gate_head")).to_have_attribute("open", "")
    page.locator("#q-rf_headache_thunderclap label").get_by_text("Yes", exact=True).click()
    page.locator("#q-rf_neck_stiff_photophobia label").get_by_text("Yes", exact=True).click()
    expect(page.locator("#intake-alarm")).to_be_visible()
    expect(page.locator("#intake-alarm")).to_contain_text("therapist")
    expect(page.locator("main")).not_to_contain_text("Meningitis")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator("#intake-title")).to_have_text("The pain")


def test_a_press_on_an_answer_counts_though_the_section_is_drawn_anew_meanwhile(opened: Open, refs: dict[str, str]) -> None:
    page = opened(f"/episodes/{refs['theo']}/intake?section=pain", who="finn")
    held = Held(page)
    page.locator("#q-night_rest_pain label").get_by_text("No", exact=True).click()
    answer = page.locator("#q-pain_depth label").get_by_text("Deep inside", exact=True)
    answer.hover()
    page.mouse.down()
    held.let_go(after_ms=0)
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.mouse.up()
    expect(page.locator("#q-pain_depth input[name='was.pain_depth']")).not_to_have_value("")


def test_the_intake_goes_on_with_answers_that_are_still_on_their_way(opened: Open, refs: dict[str, str]) -> None:
    page = opened(f"/episodes/{refs['theo']}/intake?section=pain", who="finn")
    title = page.locator("#intake-title").inner_text()
    held = Held(page)
    for question, words in (("cough_sneeze_effect", "No"), ("better_days_off", "Yes"), ("nrs_worst_24h", "6")):
        page.locator(f"#q-{question} label").get_by_text(words, exact=True).click()
    page.get_by_role("button", name="Save and go on").click()
    held.let_go()
    expect(page.locator("#intake-title")).not_to_have_text(title)
    page.goto(page.url.partition("?")[0] + "?section=pain")
    expect(page.locator("#q-nrs_worst_24h input[type=radio][value='6']")).to_be_checked()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1100, "light")])
def test_nothing_hinders_in_other_sections(at: Open, width: int, scheme: str) -> None:
    for section in ("motion", "said-symptoms", "joints"):
        page = at(section, width=width, color_scheme=scheme)
        assert problems_of(page, 320) == [], section
        page.context.close()
