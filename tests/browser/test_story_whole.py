"""The whole story of one person, as the clinic's people play it by clicking and typing: from registration to the signed discharge.

Odile's pain comes from the desk, but it is worse after meals and she takes pain tablets daily: a letter goes to her physician.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.driving import Windows, answer, fast_entry, sent, sign_in, words_of
from tests.browser.moment import DAYS_GO_BY, set_clock
from tests.serving import Site, serving

HERE = ZoneInfo("America/New_York")
NO, YES, NONE = "No", "Yes", "No, none of these"
GIVEN, FAMILY = "Odile", "Penrose"
DESK, THERAPIST = "finn@example.test", "dara@example.test"

INTAKE: dict[str, dict[str, str]] = {
    "Signs we always ask about": {
        "gate_fever": NONE, "gate_legs_bladder": NONE, "gate_chest": NONE, "gate_effort": NONE, "gate_breath": NONE,
        "gate_sudden": NONE, "gate_belly": NONE, "gate_head": NONE, "rf_pain_meal_related": "Worse after eating",
    },
    "The pain": {
        "pain_regions": "interscapular_r", "pain_quality": "Ache", "pain_constancy": "Comes and goes", "nrs_now": "4",
        "nrs_worst_24h": "7", "nrs_average_7d": "6", "aggravating": "Sitting", "easing": "Moving about",
        "pattern_24h": "Builds up through the day",
    },
    "How it began": {
        "gate_cancer": NONE, "gate_injury": NONE, "gate_bone": NONE, "gate_infection": NONE, "gate_heart_vessels": NONE,
        "gate_clot": NONE, "rf_pain_varies_mechanical": YES, "rf_nsaid_regular": YES,
    },
    "Health": {},
    "What it keeps you from": {"psfs_mean": "4"},
    "Work, day and sleep": {
        "sit_hours_workday": "8", "sit_bout_longest_min": "95", "device_setup": "Laptop on my lap or sofa", "chair_support": NO,
    },
    "Thoughts and mood": {"yf_fear_movement": "2"},
    "About you": {"work_type": "At a desk"},
}  # fmt: skip
AGAIN = {
    "Average pain over the past 7 days (0-10)": "1",
    "PSFS, mean of the chosen activities (0-10)": "8.5",
}
NAME = f"{GIVEN} {FAMILY}"
AT_THE_START = {"Evaluation": "Peptic ulcer", "Plan of care": "Dara Okafor", "Home program": "Odile"}
AT_THE_END = {"Progress report": "real, and matters", "Discharge summary": "Sits through a workday"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("story")
    with serving(folder, fill="tests.browser.story_people:fill", environment=DAYS_GO_BY) as running:
        yield running


@pytest.fixture(scope="module")
def password() -> str:
    return "correct horse"


@pytest.fixture(scope="module")
def monday() -> datetime:
    """The next Monday at nine, so that no visit falls on a weekend."""
    today = datetime.now(HERE).replace(hour=9, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def test_the_whole_story(site: Site, windows: Windows, monday: datetime) -> None:
    set_clock(site, monday)
    desk = windows.open("/", width=1440)
    sign_in(desk, DESK, windows.password)
    registered(desk)
    intake_typed_in(desk)

    page = windows.open("/", width=1440)
    sign_in(page, THERAPIST, windows.password)
    evaluated(page)
    concern_lowered(page)
    letter_sent(page)
    plan_tuned_and_signed(page)
    papers_open(page, AT_THE_START)
    visits_planned(page, monday + timedelta(days=7))
    for week in (1, 2, 3, 4):
        set_clock(site, monday + timedelta(days=7 * week))
        day_begun(page, windows.password)
        treated(page, week)
        if week == 2:
            letter_answered(page)
    reevaluated(page)
    discharged(page)
    papers_open(page, AT_THE_END)
    assert windows.close() == []
    assert "ERROR" not in site.log


def registered(page: Page) -> None:
    page.get_by_role("link", name="People", exact=True).first.click()
    page.get_by_role("link", name="New person").click()
    page.get_by_label("Given name").fill(GIVEN)
    page.get_by_label("Family name").fill(FAMILY)
    page.get_by_label("Date of birth").fill("6/2/1972")
    page.get_by_label("Sex at birth").select_option(label="Female")
    page.get_by_role("button", name="Register").click()
    page.get_by_label("Therapist").select_option(label="Dara Okafor, PT, DPT")
    page.get_by_role("button", name="Open an episode").click()


def intake_typed_in(page: Page) -> None:
    for title, answers in INTAKE.items():
        expect(page.locator("#intake-title")).to_have_text(title)
        for question, words in answers.items():
            answer(page, question, words)
        page.get_by_role("button", name=re.compile("^Save and")).click()
    expect(page.get_by_text(re.compile(r"The intake is saved: \d+ of \d+ questions answered"))).to_be_visible()


def evaluated(page: Page) -> None:
    """From today's list to the examination: fast entry, rows, the spine and the body chart; the patient's words confirmed."""
    page.get_by_role("link", name=NAME).first.click()
    page.get_by_role("link", name="Begin the evaluation").click()
    expect(page.locator("#reasoning")).to_contain_text("Peptic ulcer")
    for words in ("rot l 44 r 28", "ext 9", "pa t5 stiff", "pa t6 stiff fam", "bp 128/82", "hr 72"):
        fast_entry(page, words)
    page.locator("#sections").get_by_role("link", name=re.compile("^Strength")).click()
    with sent(page):
        page.locator("#v-scap_endurance_s").fill("20")
        page.locator("#v-scap_endurance_s").press("Tab")
    with sent(page):
        page.locator("#pictures .region[data-region=upper_trap_r]").first.click()
    with sent(page):
        page.locator("#spine [data-level=T7]").click()
    expect(page.locator("#reasoning")).to_contain_text("Factors that can change")


def concern_lowered(page: Page) -> None:
    card = page.locator("#card-gerd_esophageal")
    card.get_by_role("link", name="Lower this concern").click()
    card.get_by_role("textbox").fill("Endoscopy of last month was normal, Dr. Brandt; no trouble swallowing")
    card.get_by_role("button", name="Lower this concern").click()
    expect(page.locator("#fold-lowered")).to_contain_text("1 lowered")


def letter_sent(page: Page) -> None:
    page.locator("#card-peptic_ulcer").get_by_role("button", name="Write the letter").click()
    page.get_by_label("To", exact=True).fill("Dr. Ellen Brandt")
    page.get_by_label("In your own words").fill("Please look at the tablets.")
    page.get_by_role("button", name="Faxed").click()
    expect(page.get_by_role("heading", name="Waiting for an answer")).to_be_visible()


def plan_tuned_and_signed(page: Page) -> None:
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("button", name="Propose a plan").click()
    home = page.get_by_role("region", name="At home")
    names = home.locator("li.plan-item h4").all_inner_texts()
    with sent(page):
        page.get_by_role("button", name=f"Lock {names[0]}").click()
    expect(home.get_by_text("Locked")).to_be_visible()
    with sent(page):
        page.get_by_role("button", name=f"Take out {names[1]}").click()
    expect(home.get_by_role("link", name=names[1], exact=True)).to_have_count(0)
    with sent(page):
        page.get_by_role("slider", name="Minutes a day").press("ArrowLeft")
    expect(home).to_contain_text("of 14 min a day")
    page.get_by_role("button", name="Sign and activate").click()
    expect(page.get_by_role("alert")).to_contain_text("agree")
    page.get_by_label(re.compile("agrees with goals and plan")).check()
    for consent in page.get_by_label(re.compile("^Consents:")).all():
        consent.check()
    page.get_by_role("button", name="Sign and activate").click()
    expect(page.get_by_text("Plan 1, in force")).to_be_visible()


def visits_planned(page: Page, first: datetime) -> None:
    page.get_by_role("link", name="Visits", exact=True).click()
    page.get_by_label("First").fill(f"{first:%Y-%m-%dT%H:%M}")
    page.get_by_label("How often").select_option(label="once a week")
    page.get_by_role("spinbutton", name="Visits").fill("4")
    page.get_by_role("button", name="Propose dates").click()
    page.get_by_role("button", name="Plan these visits").click()
    expect(page.locator(".visits-table tbody tr")).to_have_count(4)


def day_begun(page: Page, password: str) -> None:
    """A week later nobody is signed in any more; today's page leads to the visit."""
    page.goto("/".join(page.url.split("/")[:3]) + "/today")
    expect(page.get_by_text("You were signed out after a while")).to_be_visible()
    sign_in(page, THERAPIST, password)
    page.locator(".day-table").get_by_role("link", name="Start").click()


def treated(page: Page, week: int) -> None:
    """A visit: it starts, pain before, a safety question, two items ticked, pain after, the note signed."""
    page.get_by_role("button", name="Start").click()
    before = 6 - week
    with sent(page):
        page.locator(f"#pain-before-{before}").check(force=True)
    with sent(page):
        page.locator("#ask-rs_visit_fever-none").check(force=True)
    for row in page.locator(".todo .do").all()[:2]:
        with sent(page):
            row.get_by_role("checkbox").check()
    with sent(page):
        page.locator(f"#pain-after-{before - 1}").check(force=True)
    expect(page.locator("#live-note")).to_contain_text(f"{before}/10")
    page.get_by_role("button", name="Finish and go to the note").click()
    page.get_by_label("Subjective").fill(f"Week {week}: sits longer before it comes.")
    expect(page.locator("#mark-subjective")).to_contain_text("edited")
    page.get_by_role("button", name="Sign the note").click()
    expect(page.locator("main")).to_contain_text("Signed by Dara Okafor, PT, DPT")
    if week == 1:
        opens_as_pdf(page, page.get_by_role("link", name="Print"), "Week 1: sits longer before it comes.")


def letter_answered(page: Page) -> None:
    page.get_by_role("link", name="Story", exact=True).click()
    page.get_by_role("link", name=re.compile("^to Dr. Ellen Brandt")).first.click()
    page.get_by_label("What was answered").fill("Breath test negative; the tablets were stopped. Care may go on.")
    page.get_by_role("button", name="Record the answer").click()
    expect(page.get_by_role("heading", name="Answered")).to_be_visible()
    page.get_by_role("link", name="lower it with a reason").click()
    page.get_by_role("textbox").fill("Breath test negative, by the letter of Dr. Brandt")
    page.get_by_role("button", name="Lower this concern").click()
    expect(page.locator("#fold-lowered")).to_contain_text("2 lowered")


def reevaluated(page: Page) -> None:
    """What was measured first is measured again; the verdict says what is more than chance."""
    page.get_by_role("link", name="Visits", exact=True).click()
    page.get_by_role("link", name="Re-evaluation", exact=True).click()
    for measure, value in AGAIN.items():
        with sent(page):
            page.get_by_label(measure, exact=True).first.fill(value)
            page.keyboard.press("Tab")
    expect(page.locator(".then-now").first).to_contain_text("real, and matters")
    expect(page.get_by_role("heading", name="Better, and it matters")).to_be_visible()
    page.get_by_label("Discharge", exact=True).check()
    page.get_by_label("Why").fill("Goals are reached; she goes on alone with the home program.")
    page.get_by_role("button", name="Close the re-evaluation").click()


def discharged(page: Page) -> None:
    expect(page.get_by_role("heading", name="Discharge", exact=True)).to_be_visible()
    for criterion in page.get_by_label(re.compile("^I confirm")).all():
        criterion.check()
    page.get_by_label("Summary").fill("Sits through a workday; pain 1/10; knows what to do when it flares.")
    page.get_by_role("button", name="Discharge", exact=True).click()
    expect(page.get_by_text("Signed", exact=True)).to_be_visible()
    expect(page.get_by_role("complementary", name="Going home with")).to_contain_text("If it flares up")


def papers_open(page: Page, papers: Mapping[str, str]) -> None:
    """Papers of the episode, as the links on its page give them."""
    page.get_by_role("link", name="Documents", exact=True).click()
    for name, words in papers.items():
        opens_as_pdf(page, page.locator(".print-list").get_by_role("link", name=re.compile(f"^{name}")), words)


def opens_as_pdf(page: Page, link: Locator, words: str) -> None:
    answer = page.request.get(urljoin(page.url, link.get_attribute("href") or ""))
    assert (answer.status, answer.headers["content-type"], answer.body()[:4]) == (200, "application/pdf", b"%PDF")
    text = words_of(answer.body())
    assert text is None or (FAMILY in text and words in text), text
