"""Reviewing the working rules: sign-off tied to exact content, and the clinic's own wording in force for everybody at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rhomboid import entry_digest, source_text
from rhomboid.knowledge.model import Condition, Factor
from rhomboid.web.accounts.models import User
from rhomboid.web.records import audit, current, signoff
from rhomboid.web.records.actions import Overtaken, Refused, rules
from rhomboid.web.records.models import Clinic, LocalRule, SignOff

from . import plan_people
from .conftest import Cast

ACS = ("condition", "acs")
SITTING = ("factor", "sedentary_exposure")
WHY = "Most of our people sit for their whole working day."


def sign(cast: Cast, key: tuple[str, str] = ACS, by: User | None = None) -> SignOff:
    knowledge = current.knowledge()
    digest = entry_digest(knowledge.tables[key[0]][key[1]])
    return rules.sign_off(kind=key[0], entry=key[1], digest=digest, knowledge=knowledge, by=by or cast.therapist)


def text_of(key: tuple[str, str], old: str = "", new: str = "") -> str:
    text = source_text(current.knowledge(), *key)
    assert old in text
    return text.replace(old, new, 1)


def override(cast: Cast, text: str, seen: str = "", by: User | None = None) -> LocalRule:
    return rules.override(kind=SITTING[0], entry=SITTING[1], toml=text, reason=WHY, seen=seen, by=by or cast.therapist)


# --- sign-off --------------------------------------------------------------------------------------------------------


def test_every_working_rule_waits_until_a_licensed_therapist_signs_it_off(cast: Cast) -> None:
    knowledge = current.knowledge()
    waiting = signoff.unsigned_ids(knowledge)
    assert waiting == {(kind, entry.id) for kind, entry in knowledge.working_rules()}
    sign(cast)
    assert signoff.unsigned_ids(knowledge) == waiting - {ACS}


def test_the_other_pages_ask_with_one_query(cast: Cast) -> None:
    knowledge = current.knowledge()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        signoff.unsigned_ids(knowledge)
    assert len(asked) == 1


@pytest.mark.parametrize("who", ["owner", "assistant", "front_desk", "auditor", "patient"])
def test_nobody_without_a_license_signs_off(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="licensed"):
        sign(cast, by=getattr(cast, who))


def test_what_was_not_read_is_not_signed(cast: Cast) -> None:
    with pytest.raises(Overtaken, match="has changed"):
        rules.sign_off(kind="condition", entry="acs", digest="0" * 12, knowledge=current.knowledge(), by=cast.therapist)
    with pytest.raises(Refused, match="no working rule"):
        rules.sign_off(kind="condition", entry="acz", digest="0" * 12, knowledge=current.knowledge(), by=cast.therapist)


def test_two_sign_offs_of_the_same_rule_are_one(cast: Cast) -> None:
    sign(cast)
    with pytest.raises(Overtaken):
        sign(cast, by=cast.colleague)
    assert SignOff.objects.count() == 1


def test_a_sign_off_can_be_withdrawn_and_given_again(cast: Cast) -> None:
    sign(cast)
    rules.withdraw(kind="condition", entry="acs", by=cast.colleague)
    assert ACS in signoff.unsigned_ids(current.knowledge())
    sign(cast, by=cast.colleague)
    assert SignOff.objects.count() == 2
    with pytest.raises(Overtaken):
        rules.withdraw(kind="condition", entry="aortic", by=cast.therapist)


def test_the_database_knows_that_only_the_licensed_sign_off(cast: Cast) -> None:
    made = sign(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.filter(pk=made.pk).update(license_number="")


def test_changed_content_needs_a_new_sign_off(cast: Cast) -> None:
    sign(cast, SITTING)
    made = override(cast, text_of(SITTING, "Long sitting", "Sitting for long"))
    review = signoff.review(current.knowledge())
    assert review.state(SITTING) == "changed"
    assert SITTING in signoff.unsigned_ids(current.knowledge())
    rules.end_override(kind=SITTING[0], entry=SITTING[1], seen=made.ref, by=cast.therapist)
    assert signoff.review(current.knowledge()).state(SITTING) == "signed"


# --- the clinic's own wording ----------------------------------------------------------------------------------------


def test_a_local_rule_is_in_force_at_once_and_marked(cast: Cast) -> None:
    shipped = current.knowledge()
    made = override(cast, text_of(SITTING, "Long sitting", "Sitting for long"))
    local = current.knowledge()
    assert local.of(Factor)[SITTING[1]].name == "Sitting for long"
    assert local.overridden == {SITTING}
    assert local.version.startswith(f"{shipped.version}+")
    assert Clinic.current().rules_revision == 1
    rules.end_override(kind=SITTING[0], entry=SITTING[1], seen=made.ref, by=cast.colleague)
    assert current.knowledge().version == shipped.version
    assert LocalRule.objects.get().in_force is False
    assert list(audit.verify()) == []


def test_a_local_rule_says_so_where_it_acts(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client, tag = signed_in(cast.therapist), '<span class="tag tag-new">Local</span>'
    plan = plan_people.proposed(cast.episode, cast.therapist, sit_bout_longest_min=95, work_type="desk", aggravating=["sitting"])
    pages = [f"/episodes/{cast.episode.ref}/{page}" for page in ("evaluation", "plan")]
    assert [tag in client.get(page).content.decode() for page in pages] == [False, False]
    override(cast, text_of(SITTING, "Long sitting", "Sitting for long"))
    sign(cast, SITTING)
    line = plan.lines.select_related("item").filter(item__kind="exercise")[0]
    key = line.item.kind, line.item.intervention
    text = text_of(key, 'name = "', 'name = "Our own ')
    rules.override(kind=key[0], entry=key[1], toml=text, reason=WHY, seen="", by=cast.therapist)
    assert [tag in client.get(page).content.decode() for page in pages] == [True, True]
    why = client.get(f"{pages[0]}/why/factor/{SITTING[1]}").content.decode()
    assert "This clinic’s own wording" in why
    assert "the clinic signs it off; signed off" in why


def test_another_process_sees_it_at_its_next_request(cast: Cast) -> None:
    """Another process has other things in memory; what it asks the database decides."""
    override(cast, text_of(SITTING, "Long sitting", "Sitting for long"))
    ours = dict(current._loaded)
    current._loaded.clear()
    assert current.knowledge().of(Factor)[SITTING[1]].name == "Sitting for long"
    current._loaded.update(ours)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("sitting_load OR", "siting_load OR", "sitting_load"),
        ('sources = ["V96"]', 'sources = ["V999"]', "V999"),
        ('class = "workstation"', 'clas = "workstation"', "clas"),
        ('id = "sedentary_exposure"', 'id = "something_else"', "keeps the id"),
        ('name = "Long sitting"', 'name = "Long sitting', "TOML"),
        ("screen_leisure_load OR", "screen_leisure_load AND", "example"),
    ],
)
def test_a_text_that_must_not_be_used_is_refused_and_nothing_changes(cast: Cast, old: str, new: str, words: str) -> None:
    with pytest.raises(rules.RuleRefused) as refusal:
        override(cast, text_of(SITTING, old, new))
    assert words in "\n".join(map(str, refusal.value.problems))
    assert not LocalRule.objects.exists()
    assert current.knowledge().overridden == frozenset()


def test_a_local_rule_needs_a_reason_and_a_license(cast: Cast) -> None:
    with pytest.raises(Refused, match="reason"):
        rules.override(kind=SITTING[0], entry=SITTING[1], toml=text_of(SITTING), reason="so", by=cast.therapist)
    with pytest.raises(Refused, match="licensed"):
        override(cast, text_of(SITTING), by=cast.owner)


def test_nobody_overwrites_a_wording_they_have_not_seen(cast: Cast) -> None:
    first = override(cast, text_of(SITTING, "Long sitting", "Sitting for long"))
    with pytest.raises(Overtaken, match="Dara Okafor"):
        override(cast, text_of(SITTING), by=cast.colleague)
    second = override(cast, text_of(SITTING, "Sitting for long", "Long sits"), seen=first.ref, by=cast.colleague)
    assert second.version == 2
    assert [one.in_force for one in LocalRule.objects.order_by("version")] == [False, True]


def test_a_local_rule_that_no_longer_fits_a_new_version_is_left_out_and_named(cast: Cast) -> None:
    override(cast, text_of(SITTING, "Long sitting", "Sitting for long"))
    LocalRule.objects.update(toml="[[factor]]\nid = 'sedentary_exposure'\n")
    current._loaded.clear()
    assert current.knowledge().overridden == frozenset()
    assert next(problem.place for problem in current.refused_rules()) == "local override factor sedentary_exposure"
    LocalRule.objects.update(in_force=False)
    current._loaded.clear()


# --- the pages ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_waits_by_kind(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    sign(cast)
    client = signed_in(cast.therapist)
    waiting = client.get("/rules?kind=condition").content.decode()
    assert '/rules/condition/acs"' not in waiting
    assert '/rules/condition/pe"' in waiting or "/rules/condition/" in waiting
    signed = client.get("/rules?show=signed").content.decode()
    assert "Dara Okafor, PT, DPT" in signed
    assert '/rules/condition/acs"' in signed
    assert "No rule fits" in client.get("/rules?show=local").content.decode()


def test_a_reviewer_reads_text_predicate_examples_and_how_sources_were_checked(
    cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(cast.therapist).get("/rules/condition/acs").content.decode()
    entry = current.knowledge().of(Condition)["acs"]
    assert entry.example[0].text[:40] in page.replace("&#x27;", "'")
    for words in ("any of", "claim checked", "Examples", "The patient is told", "Not signed off"):
        assert words in page


def test_every_working_rule_has_a_page(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.therapist)
    one_of_each: dict[str, Any] = {}
    for kind, entry in current.knowledge().working_rules():
        one_of_each.setdefault(kind, entry)
    for kind, entry in one_of_each.items():
        assert client.get(f"/rules/{kind}/{entry.id}").status_code == 200, (kind, entry.id)
        assert client.get(f"/rules/{kind}/{entry.id}/text").status_code == 200, (kind, entry.id)


def test_signing_leads_to_the_next_rule_that_waits(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.therapist)
    digest = client.get("/rules/condition/acs").context["digest"]
    response = client.post("/rules/condition/acs", {"digest": digest, "note": "Read with the source"})
    assert response["Location"].startswith("/rules/condition/")
    assert response["Location"] != "/rules/condition/acs"
    assert SignOff.objects.get().license_number == "PT-1001"
    stale = client.post("/rules/condition/aortic", {"digest": "0" * 12, "note": "kept words"})
    assert stale.status_code in (404, 409)


def test_the_edit_page_keeps_what_was_typed_and_names_each_problem(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.therapist)
    text = text_of(SITTING, "sitting_load OR", "siting_load OR")
    response = client.post("/rules/factor/sedentary_exposure/text", {"toml": text, "reason": WHY, "seen": ""})
    assert response.status_code == 422
    page = response.content.decode().replace("&quot;", '"').replace("&#x27;", "'")
    assert 'did you mean "sitting_load"?' in page
    assert "siting_load OR" in page
    assert WHY in page
    good = text_of(SITTING, "Long sitting", "Sitting for long")
    response = client.post("/rules/factor/sedentary_exposure/text", {"toml": good, "reason": WHY, "seen": ""})
    assert response["Location"] == "/rules/factor/sedentary_exposure"
    page = client.get("/rules/factor/sedentary_exposure").content.decode()
    assert "Local wording" in page
    assert WHY in page
    client.post("/rules/factor/sedentary_exposure/text", {"do": "end", "seen": LocalRule.objects.get().ref})
    assert current.knowledge().overridden == frozenset()


def test_the_pages_ask_no_more_however_many_sign_offs_there_are(
    cast: Cast, signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.therapist)
    knowledge = current.knowledge()
    for kind, entry in list(knowledge.working_rules())[:60]:
        sign(cast, (kind, entry.id))
    with django_assert_max_num_queries(11):
        client.get("/rules?show=all")
    with django_assert_max_num_queries(13):
        client.get("/rules/condition/acs")
