"""From rows to the papers of the clinic: what `rhomboid.papers` prints, filled from an episode."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone

from ... import papers
from ...knowledge import Knowledge
from ...knowledge.languages import load_language
from ...vocabulary import RhomboidError
from ..accounts.models import User
from . import bridge, bridge_letter, bridge_plan, bridge_program, clock, comparison, course, current, drafting, wording
from .actions import Refused, documents
from .bridge_takehome import take_home
from .home_program import program_of
from .models import Assessment, Clinic, Discharge, Document, Episode, Note, PlanLine, PlanOfCare, Referral

SEEN = {"matters": "matters", "real": "real", "within_error": "within_error", "error_unknown": "error_unknown"}
ADVICE = ("posture", "education", "coordination")
CLINIC = ("manual", "modality")
SHORT = 120


@dataclass(frozen=True, slots=True)
class Made:
    """A paper ready to print. `signed` says that it is kept as a document from then on, under `title`; one that was made before
    `since` is out of date."""

    kind: str
    title: str
    html: Callable[[], str]
    signed: bool
    since: datetime | None = None


# --- letterhead ----------------------------------------------------------------------------------------------------------


def letterhead(by: User | None) -> papers.Letterhead:
    clinic = Clinic.objects.filter(id=1).first() or Clinic(name="Our clinic")
    paper: Literal["Letter", "A4"] = "A4" if clinic.paper == "A4" else "Letter"
    return papers.Letterhead(
        name=clinic.name,
        address=tuple(clinic.address.splitlines()),
        phone=clinic.phone,
        email=clinic.email,
        logo=bytes(clinic.logo) or None,
        therapist=by.name if by else "",
        credentials=by.credentials if by else "",
        paper=paper,
    )


def person(episode: Episode) -> papers.Person:
    whom = episode.person
    return papers.Person(name=str(whom), born=whom.date_of_birth, episode=episode.title, record=whom.ref)


def signature(by: User | None, label: str, at: Any) -> papers.Signature | None:
    """As it was given: the label is that of the day of signing."""
    return papers.Signature(by=label or (by.label if by else ""), at=timezone.localtime(at)) if at else None


# --- one paper of each kind ----------------------------------------------------------------------------------------------


def made(kind: str, episode: Episode, *, by: User, note: str = "", link: str = "") -> Made:
    """The paper of that kind. `link` goes on a home program. Raises Refused when there is nothing to print yet."""
    knowledge = current.knowledge()
    if kind == "home_program":
        return home_program(episode, knowledge, by, link)
    if kind == "note":
        return _note(_one(Note.objects.filter(episode=episode, ref=note), "There is no such note"), knowledge)
    if kind not in MAKERS:
        raise Refused("There is no such paper", "Choose one under Documents.", status=404)
    return MAKERS[kind](episode, knowledge, by)


def kept(episode: Episode, paper: Made, by: User) -> tuple[bytes, Document | None]:
    """The PDF. What is signed is printed once and kept; whoever prints it again gets the same bytes."""
    if paper.signed:
        known = Document.objects.filter(episode=episode, kind=paper.kind, title=paper.title)
        there = (known.filter(created_at__gte=paper.since) if paper.since else known).first()
        if there:
            return bytes(there.content), there
    content = papers.pdf(paper.html())
    if not paper.signed:
        return content, None
    return content, documents.keep(episode=episode, content=content, title=paper.title, kind=paper.kind, by=by)


def _evaluation(episode: Episode, knowledge: Knowledge, by: User) -> Made:
    try:
        found = bridge.assess_episode(episode, knowledge, on=clock.today())
    except RhomboidError as error:
        raise Refused(error.problems[0].message, error.problems[0].fix) from None
    row = _plan_of(episode)
    limits = bridge_plan.limits_of(row.limits if row else {}, knowledge)
    proposal, _ = bridge_plan.solved_anew(found, limits)
    data = papers.EvaluationPaper(assessment=found, plan=proposal, person=person(episode))
    return Made("evaluation", "Evaluation", lambda: papers.evaluation_html(data, letterhead(episode.therapist or by)), False)


def _plan(episode: Episode, knowledge: Knowledge, by: User) -> Made:
    row = _plan_of(episode)
    if row is None:
        raise Refused("There is no plan yet", "Propose one first.")
    data = plan_paper(row, knowledge)
    signed = row.state in ("active", "superseded")
    return Made(
        "plan", f"Plan of care, version {row.version}", lambda: papers.plan_html(data, letterhead(row.signed_by or by)), signed
    )


def plan_paper(row: PlanOfCare, knowledge: Knowledge) -> papers.PlanPaper:
    content, lines = row.content, list(row.lines.select_related("item"))
    visits = content.get("visits") or {}
    prognosis = visits.get("prognosis") or {}
    return papers.PlanPaper(
        person=person(row.episode),
        made=clock.today(),
        knowledge=row.knowledge_version,
        version=row.version,
        signature=signature(row.signed_by, row.signed_by_label, row.signed_at),
        codes=_codes(row.assessment),
        period_from=timezone.localtime(row.signed_at).date() if row.signed_at else None,
        summary=row.episode.works_on,
        factors=_factors(row.assessment, knowledge),
        precautions=tuple(one["note"] or one["name"] for one in content.get("precautions", ())),
        goals=_goals(row, knowledge),
        phases=tuple(_phase(one, lines) for one in content.get("phases", ())),
        clinic=tuple(_line(one) for one in lines if one.item.kind in CLINIC),
        advice=tuple(_advice(one) for one in lines if one.item.kind in ADVICE),
        visits=visits.get("text", ""),
        reevaluation=row.reevaluation_on,
        outlook=prognosis.get("text", ""),
        discharge=tuple(line for one in content.get("discharge", ())[:1] for line in one["criteria"]),
        not_offered=_not_offered(content.get("left_out", ())),
        overrides=tuple(f"{knowledge.interventions[o.intervention].name}: {o.reason}" for o in row.overrides.all()),
    )


def home_program(episode: Episode, knowledge: Knowledge, by: User, link: str = "") -> Made:
    """The program as it holds today. `link`: the address of the person's own pages, for the code on the page."""
    today = clock.today()
    program = program_of(episode, knowledge, on=today)
    row, phase = program.plan, program.phase
    if row is None:
        raise Refused("There is no signed plan yet", "A home program is handed out from a signed plan.")
    if program.pause:
        raise Refused("The exercises at home are paused", "Look into what was reported first; then print the program.")
    data = bridge_program.home_paper(episode, program, knowledge, on=today, link=link)
    title = ", ".join(
        filter(None, (f"Home program, plan {row.version}", phase.name.lower() if phase else "", bridge_program.tongue(episode)))
    )
    return Made(
        "home_program",
        title,
        lambda: papers.home_html(data, letterhead(row.signed_by or by)),
        signed=True,
        since=bridge_program.since(row, today),
    )


def _note(note: Note, knowledge: Knowledge) -> Made:
    visit = note.visit
    text = {name: getattr(note, name) for name in ("subjective", "objective", "assessment", "plan")}
    if not note.signed:
        draft = drafting.draft_of(visit, knowledge)
        stand = {*note.written, *note.carried}
        text = {name: value if name in stand else getattr(draft, name) for name, value in text.items()}
    delivered = list(visit.delivered.select_related("item"))
    data = papers.NotePaper(
        person=person(note.episode),
        made=clock.today(),
        visit_on=drafting.day_of(visit),
        number=visit.number,
        by=note.signed_by_label or note.saved_by_label,
        **text,
        carried={name: date.fromisoformat(day) for name, day in note.carried.items()},
        pain_before=visit.pain_before,
        pain_after=visit.pain_after,
        delivered=tuple(
            papers.Delivered(
                name=knowledge.interventions[one.item.intervention].name,
                segment=one.segment,
                side=one.side,
                grade=one.grade,
                dose=one.dose,
                minutes=one.minutes,
                response=one.response,
            )
            for one in delivered
        ),
        tests=tuple(
            papers.TestLine(
                name=knowledge.vocabulary.label(one.test),
                before=wording.value(one.test, one.before, knowledge),
                after=wording.value(one.test, one.after, knowledge),
            )
            for one in delivered
            if one.test
        ),
        signature=signature(note.signed_by, note.signed_by_label, note.signed_at),
        addenda=tuple(papers.Addendum(text=one.text, by=one.by_label, at=timezone.localtime(one.at)) for one in note.addenda.all()),
    )
    title = f"Note of visit {visit.number}" + (f", with {len(data.addenda)} addenda" if data.addenda else "")
    return Made("note", title, lambda: papers.note_html(data, letterhead(note.signed_by or note.drafted_by)), note.signed)


# --- then and now --------------------------------------------------------------------------------------------------------


def _progress(episode: Episode, knowledge: Knowledge, by: User) -> Made:
    kept_ = episode.assessments.filter(occasion="reevaluation").order_by("-on", "-id").first()
    data = papers.ProgressPaper(
        **_standing(episode, knowledge, episode.ended_on or clock.today()), next_steps=kept_.words if kept_ else ""
    )
    return Made("progress", "Progress report", lambda: papers.progress_html(data, letterhead(episode.therapist or by)), False)


def _discharge(episode: Episode, knowledge: Knowledge, by: User) -> Made:
    row = Discharge.objects.filter(episode=episode).select_related("signed_by").first()
    if row is None:
        raise Refused("This episode is not discharged", "The summary is printed after the discharge is signed.")
    standing = _standing(episode, knowledge, timezone.localtime(row.signed_at).date())
    data = papers.DischargePaper(
        **standing | {"summary": row.summary},
        signature=signature(row.signed_by, row.signed_by_label, row.signed_at),
        reason=row.pathway.replace("_", " "),
        home=tuple(f"{one['name']}: {one['dose']}, {one['often']}" for one in row.home),
        **take_home(row, load_language(episode.person.language, knowledge)),
    )
    return Made("discharge", "Discharge summary", lambda: papers.discharge_html(data, letterhead(row.signed_by)), True)


def _standing(episode: Episode, knowledge: Knowledge, on: date) -> dict[str, Any]:
    """What a progress report and a discharge summary share."""
    try:
        found = comparison.compare(episode, knowledge, on=on)
    except RhomboidError as error:
        raise Refused(error.problems[0].message, error.problems[0].fix) from None
    visits = episode.visits.filter(state="done").count()
    return {
        "person": person(episode),
        "made": clock.today(),
        "knowledge": knowledge.version,
        "period_from": episode.started_on,
        "period_to": on,
        "visits": f"{visits} visits" if visits != 1 else "1 visit",
        "summary": episode.works_on,
        "curves": tuple(_curves(episode, knowledge, on)),
        "then_on": found.then_on,
        "now_on": on,
        "measures": tuple(_measure(row) for row in found.rows if row.then is not None or row.again),
        "factors": tuple(papers.FactorChange(name=one.name, then=one.then, now=one.now) for one in found.factors),
        "goals": tuple(_goal(one) for one in found.goals),
    }


def _curves(episode: Episode, knowledge: Knowledge, on: date) -> Iterable[papers.Curve]:
    rows = bridge.standing_findings(episode, on)
    scales: tuple[tuple[str, tuple[str, ...], Literal["down", "up"]], ...] = (
        ("Pain", course.PAIN, "down"),
        ("Function", course.FUNCTION, "up"),
    )
    for name, names, better in scales:
        found, points = bridge.series(rows, names), bridge.numbers(rows, names)
        if not found:
            continue
        error, matters = course.error_and_matters(knowledge, found[0].finding, points[0][1])
        yield papers.Curve(
            name=name,
            scale=knowledge.vocabulary.label(found[0].finding),
            points=tuple(papers.Point(on, value) for on, value in points),
            low=0,
            high=10,
            better=better,
            mdc=error,
            mcid=matters,
        )


def _measure(row: comparison.Row) -> papers.Measure:
    difference = row.change.difference
    return papers.Measure(
        name=row.label,
        then=row.then_text,
        now=row.now_text,
        change=f"{difference:+g}".replace("-", wording.MINUS) if difference is not None else "",
        error=row.error.removeprefix("error "),
        verdict=row.change.verdict,
    )


def _goal(row: comparison.GoalRow) -> papers.GoalLine:
    goal = row.goal
    standing: Literal["met", "not_met", "open"] = "open"
    if goal.state in ("met", "not_met"):
        standing = "met" if goal.state == "met" else "not_met"
    elif row.met is not None:
        standing = "met" if row.met else "open"
    return papers.GoalLine(
        text=goal.text, baseline=row.baseline_text, target=row.target_text, now=row.now_text, by=goal.due_on, standing=standing
    )


# --- parts of a plan -----------------------------------------------------------------------------------------------------


def _plan_of(episode: Episode) -> PlanOfCare | None:
    """The plan in force, else the draft, else the last that was signed."""
    rows = {
        one.state: one for one in episode.plans.order_by("version").select_related("assessment", "signed_by", "episode__person")
    }
    return rows.get("active") or rows.get("draft") or rows.get("superseded")


def _codes(kept_: Assessment) -> tuple[str, ...]:
    patterns = kept_.outcome.get("patterns", ())
    return tuple(code for one in patterns[:1] if one.get("status") == "supported" for code in one.get("icd10", ())[:3])


def _factors(kept_: Assessment, knowledge: Knowledge) -> tuple[papers.FactorLine, ...]:
    return tuple(
        papers.FactorLine(
            name=one["name"],
            severity=one["severity"],
            because="; ".join(reason["text"] for reason in one["because"][:3]),
            measure=knowledge.vocabulary.label(one["measure"]),
        )
        for one in kept_.outcome.get("factors", ())
    )


def _advice(line: PlanLine) -> str:
    """What is told and arranged, by name; a short sentence says itself, a lesson is not printed in full."""
    plain = line.content.get("plain", "")
    return str(plain if plain and len(plain) <= SHORT else line.content["name"])


def _goals(row: PlanOfCare, knowledge: Knowledge) -> tuple[papers.GoalLine, ...]:
    shown = {"met": "met", "not_met": "not_met"}
    return tuple(
        papers.GoalLine(
            text=one.text,
            baseline=wording.value(one.finding, one.baseline, knowledge),
            target=wording.value(one.finding, one.target, knowledge),
            by=one.due_on,
            standing=shown.get(one.state, "open"),  # type: ignore[arg-type]
        )
        for one in row.goals.exclude(state="dropped")
    )


def _phase(one: dict[str, Any], lines: list[PlanLine]) -> papers.PhaseLines:
    own = [line for line in lines if line.item.kind == "exercise" and one["id"] in line.doses]
    first, last = one["weeks"]
    return papers.PhaseLines(
        name=one["name"],
        weeks=f"weeks {first:g} to {last:g}",
        aim=one["aim"],
        daily=f"{one['minutes']:g} minutes a day",
        exercises=tuple(_line(line, one["id"]) for line in own),
        move_on_when=one["move_on_when"],
    )


def _line(line: PlanLine, phase: str = "") -> papers.PlanLine:
    content = line.content
    raw = line.changed_dose or line.doses.get(phase) or next(iter(line.doses.values()), None)
    over = ", ".join(one["name"] for one in content.get("overridden", ()))
    return papers.PlanLine(
        name=content["name"],
        dose=wording.dose(raw),
        why="; ".join(content.get("why", ())),
        care=tuple(content.get("limits", ())),
        decided=f"used against: {over}" if over else "",
    )


def _not_offered(left_out: Iterable[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        if one["reason"] in ("contraindicated", "unanswered"):
            by_reason.setdefault(one["text"], []).append(one["name"])
    return tuple((reason, ", ".join(names)) for reason, names in by_reason.items())


# --- letters -------------------------------------------------------------------------------------------------------------


def letter_paper(row: Referral, knowledge: Knowledge) -> papers.ReferralPaper:
    address = tuple(row.to_address.splitlines())
    return papers.ReferralPaper(
        person=person(row.episode),
        made=timezone.localtime(row.sent_at or clock.now()).date(),
        knowledge=row.letter["knowledge_version"],
        letter=bridge_letter.thawed(row.letter, knowledge),
        rules=knowledge,
        seen_on=date.fromisoformat(row.letter["seen_on"]),
        held=row.letter["held"],
        to=papers.Addressee(name=row.to, address=address),
        note=row.message,
        phoned_at=timezone.localtime(row.sent_at) if row.sent_at and row.sent_how == "phone" else None,
        call_back=Clinic.current().phone,
        signature=signature(None, row.sent_by_label, row.sent_at),
    )


def letter_pdf(row: Referral) -> bytes:
    """The letter as it stands, on the clinic's paper."""
    return papers.pdf(papers.referral_html(letter_paper(row, current.knowledge()), letterhead(row.made_by)))


def letter_parts(row: Referral) -> list[tuple[str, list[list[str]]]]:
    """The lists of a letter with their names, for the preview: label and value of each line."""
    names = {"positives": "What raised it", "negatives": "Asked or tested, and not there", "vitals": "Vital signs",
             "neuro": "Neurological findings", "course": "Onset and course", "medicines": "Medicines and implants"}  # fmt: skip
    return [(name, [line[1:] for line in row.letter[part]]) for part, name in names.items() if row.letter.get(part)]


MAKERS: dict[str, Callable[[Episode, Knowledge, User], Made]] = {
    "evaluation": _evaluation,
    "plan": _plan,
    "progress": _progress,
    "discharge": _discharge,
}


def _one(rows: Any, missing: str) -> Any:
    found = rows.select_related("episode__person", "visit", "signed_by", "drafted_by").first()
    if found is None:
        raise Refused(missing, "Open it from the visit.", status=404)
    return found
