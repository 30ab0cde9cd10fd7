"""What the gallery shows. The people and their numbers are invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from . import body, curves, strips, timelines
from .curves import Course, Reading

LONG = (
    "steroid tablets for five months, a fall from standing height in March, loss of 3 cm of height since the age of 25, and pain "
    "that wakes her at 3 in the morning and does not ease when she turns over"
)


def _weeks(first: date, *values: float) -> tuple[tuple[date, float], ...]:
    return tuple((first + timedelta(weeks=index), value) for index, value in enumerate(values))


def curve_examples() -> dict[str, Any]:
    start = date(2026, 11, 23)
    spread = (0.0, 0.5, 0.5, 0.5, 0.4, 0.7, 0.5, 0.4, 0.3)
    pain = _weeks(start, 5.0, 4.9, 4.3, 3.8, 3.0, 4.4, 3.1, 2.2, 1.7)
    readings = tuple(Reading(on, value, value - error, value + error) for (on, value), error in zip(pain, spread, strict=True))
    daily = tuple(
        (start + timedelta(days=day), float(value)) for day, value in enumerate((5, 6, 5, 5, 4, 5, 5, 4, 5, 6, 4, 4, 5, 3, 4, 4))
    )
    function = tuple(
        Reading(start + timedelta(weeks=week), value) for week, value in ((0, 4.7), (2, 5.3), (4, 7.0), (6, 6.3), (8, 8.3))
    )
    return {
        "pain": curves.curve(
            Course(
                *("Pain", readings, (0, 8), 2, (4.1, 5.9), "could be chance: first week ± 0.9"),
                *((0, 3), "a change that matters: 2 points or 30%", ((date(2026, 12, 28), "flare"),), daily),
            )
        ),
        "function": curves.curve(
            Course(
                "Function",
                function,
                (0, 10),
                2,
                (2.7, 6.7),
                "could be chance: first value ± 2",
                (6.7, 10),
                "a change that matters: 2 points",
            )
        ),
        "one": curves.curve(Course("Pain", readings[:1], (0, 10), 2, (4.1, 5.9), "could be chance: ± 0.9")),
        "none": curves.curve(Course("Pain", ())),
    }


def spine_states() -> dict[str, dict[str, Any]]:
    return {
        "T2": {"mobility": "loose"},
        "T3": {"mobility": "normal"},
        "T5": {"mobility": "stiff"},
        "T6": {"mobility": "stiff", "pain": "right"},
        "T7": {"mobility": "stiff", "pending": True},
        "T10": {"pain": "center"},
    }


def cards() -> list[dict[str, Any]]:
    return [
        {
            "name": "Cord compression, thoracic",
            "concern": "high",
            "urgency": "emergency_now",
            "lines": [{"word": "because", "text": "both legs weak, sensory level at T6, bladder not emptying"}],
        },
        {
            "name": "Spinal infection",
            "concern": "moderate",
            "urgency": "same_day",
            "lines": [
                {"word": "because", "text": "fever 101.1 °F and chills; pain at rest"},
                {"word": "against", "text": "no injection, no surgery"},
            ],
        },
        {
            "name": "Cancer in the spine",
            "concern": "moderate",
            "urgency": "urgent_days",
            "lines": [{"word": "because", "text": LONG}],
        },
        {
            "name": "Peptic ulcer",
            "concern": "moderate",
            "urgency": "routine_referral",
            "changed": True,
            "lines": [
                {"word": "because", "text": "ibuprofen most days and burning after meals"},
                {"word": "against", "text": "no black stool, weight steady"},
            ],
        },
        {
            "name": "Low bone density",
            "concern": "low",
            "urgency": "monitor",
            "lines": [{"word": "because", "text": "T-score −1.8"}],
        },
    ]


def undecided() -> list[dict[str, Any]]:
    ask = {"question": "closed-fist percussion, T4 to T8", "can": "can clear it"}
    because = [{"word": "because", "text": "steroids 5 months; over 52, BMI 21.7"}]
    return [
        {"name": "Osteoporotic spinal fracture", "undecided": True, "lines": because, "ask": ask},
        {
            "name": "Spinal cord compression, thoracic",
            "undecided": True,
            "lines": [{"word": "then", "text": "Babinski, clonus, gait"}],
        },
    ]


def finding_rows() -> list[dict[str, Any]]:
    return [
        {"label": "Flexion", "strip": strips.strip((0, 60), (20, 45), one=38), "value": "38°", "response": "No pain"},
        {
            "label": "Extension",
            "strip": strips.strip((0, 60), (15, 25), one=9),
            "value": "9°",
            "out": "one",
            "response": "Low; familiar pain",
        },
        {
            "label": "Side-bend",
            "strip": strips.strip((0, 60), (20, 40), 26, 23),
            "left": "26°",
            "right": "23°",
            "response": "No pain",
        },
        {
            "label": "Rotation, seated",
            "strip": strips.strip((0, 60), (35, 60), 44, 31),
            "left": "44°",
            "right": "31°",
            "out": "right",
            "strong": "Right low; 13° apart",
            "now": True,
        },
        {"label": "Quadrant, right", "strong": "Familiar pain", "words": "5 of 10. Left is clear"},
        {"label": "Rotation, heel-sit", "strip": strips.strip((0, 60), (40, 55)), "not_tested": True, "response": "Skipped: knee"},
        {
            "label": "Longest sitting",
            "strip": strips.strip((0, 180), (0, 60), one=95),
            "value": "95 min",
            "said_by": "Nov 22",
            "response": "High",
        },
    ]


def plan_items() -> list[dict[str, Any]]:
    common = {"evidence": "C", "evidence_words": "few thoracic trials"}
    return [
        common
        | {"name": "Seated extension over chair back", "dose": "2 × 8, hold 3 s, twice a day", "minutes": 4}
        | {"because": "extension is 9°, under 10°; T5 to T7 are stiff", "exercise": "ex_mob_seat_ext_chair"}
        | {"tag": "Locked by you", "tag_icon": "lock", "locked": True},
        common
        | {
            "name": "Band row",
            "dose": "2 × 10 at effort 5 of 10, three days a week",
            "minutes": 3,
            "evidence": "A",
        }
        | {
            "because": "lower and middle trapezius are weak on the right; she sits most of the day",
            "evidence_words": "desk neck and shoulder pain",
        }
        | {"exercise": "ex_scp_row_band"},
        common
        | {"name": "Wall slide with lift-off", "dose": "2 × 8, three days a week", "minutes": 3, "changed": True}
        | {"because": "lower trapezius 3+; lifting the blade by hand took pain from 4 to 2", "exercise": "ex_scp_wall_slide_lift"}
        | {"tag": "Swapped for prone Y", "tag_icon": "swap", "tag_kind": "new"},
        common
        | {"name": "Breathing into the back ribs, lying on the side, with a slow breath out through pursed lips"}
        | {
            "dose": "5 min, once a day",
            "minutes": 5,
            "because": LONG,
            "exercise": "ex_bre_lateral_costal",
            "tag": "Rule not signed off",
            "tag_kind": "unsigned",
        },
    ]


def plan_lines() -> list[dict[str, Any]]:
    common = {"line": True, "evidence": "C"}
    return [
        common
        | {
            "name": "Mobilization, T5 to T7, grade II to III",
            "dose": "30 to 60 s × 3, low force",
            "minutes": 6,
            "evidence_words": "few thoracic trials",
            "because": "T5, T6 stiff and familiar; bone density not known",
        },
        common
        | {
            "name": "Raise the laptop, add a keyboard and mouse",
            "dose": "once",
            "icon": "house",
            "evidence": "D",
            "evidence_words": "consensus",
            "because": "screen 22 cm below the eyes, 7.5 h a day",
        },
    ]


def changes() -> list[dict[str, Any]]:
    return [
        {
            "name": "Stiff rotation, right",
            "severity_then": 2,
            "severity_now": 0,
            "then": "31°",
            "now": "45°",
            "verdict": "matters",
            "change": strips.change((20, 60), 31, 45, (35, 60), 6.3),
        },
        {
            "name": "Stiff extension",
            "severity_then": 2,
            "severity_now": 0,
            "then": "9°",
            "now": "17°",
            "verdict": "error",
            "change": strips.change((0, 40), 9, 17, (15, 25), 8),
        },
        {
            "name": "Weak lower trapezius",
            "severity_then": 2,
            "severity_now": 1,
            "then": "3+",
            "now": "4+",
            "verdict": "unknown",
            "change": strips.change((0, 5), 3.3, 4.3, (4, 5)),
        },
        {
            "name": "Long sitting",
            "severity_then": 2,
            "severity_now": 1,
            "then": "95 min",
            "now": "45 min",
            "verdict": "real",
            "change": strips.change((0, 120), 95, 45, (0, 60), 10),
        },
        {
            "name": "Screen too low",
            "severity_then": 1,
            "severity_now": 0,
            "then": "22 cm",
            "now": "0 cm",
            "verdict": "done",
            "change": strips.change((0, 30), 22, 0, (0, 10)),
        },
        {
            "name": "Fear of movement",
            "severity_then": 1,
            "severity_now": None,
            "then": "31",
            "now": "not asked",
            "verdict": "unknown",
        },
        {
            "name": "Poor sleep",
            "severity_then": 1,
            "severity_now": 2,
            "then": "7",
            "now": "3",
            "verdict": "worse",
            "change": strips.change((0, 10), 7, 3, (6, 10), 1),
        },
    ]


def goals() -> list[dict[str, Any]]:
    return [
        {
            "name": "Computer for an hour",
            "by": "Jan 18",
            "baseline": "4",
            "target": "7",
            "unit": "of 10 (PSFS)",
            "error": "error 3",
            "scale": strips.goal((0, 10), 4, 7),
        },
        {
            "name": "Average pain",
            "by": "Dec 21",
            "baseline": "5",
            "now": "4",
            "target": "3",
            "unit": "of 10 (NPRS)",
            "error": "matters at 2",
            "scale": strips.goal((0, 10), 5, 3, 4),
        },
        {
            "name": "Rotation, right",
            "met": True,
            "baseline": "31°",
            "now": "41°",
            "target": "38°",
            "unit": "seated",
            "error": "error 6.3°",
            "scale": strips.goal((0, 60), 31, 38, 41),
        },
    ]


def episode() -> timelines.Line:
    start = date(2026, 11, 23)
    phases = [
        timelines.Phase("Building up, 11 weeks", "before", date(2026, 9, 7), date(2026, 11, 22)),
        timelines.Phase("Calm", "calm", start, date(2026, 12, 7)),
        timelines.Phase("Restore", "restore", date(2026, 12, 7), date(2026, 12, 28)),
        timelines.Phase("Load", "load", date(2026, 12, 28), date(2027, 1, 18)),
        timelines.Phase("Keep well, on her own", "after", date(2027, 1, 18), date(2027, 4, 18)),
    ]
    stops = [
        timelines.Stop(start + timedelta(weeks=week), str(week + 1), "re_evaluation" if week in {0, 4} else "done")
        for week in range(9)
    ]
    stops += [
        timelines.Stop(date(2027, 2, 1), "", "planned"),
        timelines.Stop(date(2027, 3, 1), "", "planned"),
        timelines.Stop(date(2027, 4, 18), "", "planned"),
    ]
    events = [
        timelines.Event(date(2026, 9, 7), "Pain begins Sep 7", "new laptop"),
        timelines.Event(date(2026, 11, 22), "Intake at home Nov 22"),
        timelines.Event(date(2026, 12, 26), "Flare Dec 26", "7 h flight, heavy bag", "bolt"),
        timelines.Event(start, "Ulcer letter sent", "", "envelope", below=True),
        timelines.Event(date(2026, 12, 3), "Answered", "", "check", below=True),
        timelines.Event(date(2026, 12, 9), "Bone scan", "", "document", below=True),
        timelines.Event(date(2026, 12, 21), "Re-evaluation", "", "curve", below=True),
    ]
    return timelines.line(phases, stops, events, date(2027, 1, 18))


def regions() -> dict[str, str]:
    """Every region with its id made into words; the pages give the vocabulary's own words."""
    sides = {"_l": ", left", "_r": ", right"}
    return {
        name: name.removesuffix("_l").removesuffix("_r").replace("_", " ").capitalize() + sides.get(name[-2:], "")
        for name in sorted(body.regions())
    }


PERSON = {
    "name": "Marisol Vega",
    "facts": ["54, bookkeeper, right-handed", "Upper back, right. 11 weeks, first episode"],
    "tags": ["Irritability: moderate", "Precaution: bone density not known"],
}


def patterns() -> list[dict[str, Any]]:
    return [
        {
            "name": "Facet joint, mid thoracic",
            "supporting": 7,
            "against": 0,
            "because": "extension with rotation is familiar; T5, T6 stiff",
            "new": "+3 new",
            "changed": True,
        },
        {"name": "Postural, load-related", "supporting": 6, "against": 1, "because": "builds with sitting, eases with movement"},
        {
            "name": "Shoulder-blade control",
            "supporting": 12,
            "against": 5,
            "because": "lifting the blade by hand took pain from 4 to 2",
        },
    ]


def factors() -> list[dict[str, Any]]:
    return [
        {"name": "Stiff rotation, right", "severity": 2, "reason": "31°, left 44°; error 6°", "new": "new", "changed": True},
        {"name": "Long sitting", "severity": 3, "reason": "7.5 h a day, 95 min at a stretch"},
        {"name": "Screen too low", "severity": 1, "reason": "laptop, 22 cm below the eyes"},
        {"name": "Poor sleep", "severity": None, "reason": "not asked"},
    ]


def people() -> list[dict[str, Any]]:
    done = ["done"] * 14
    return [
        {
            "time": "8:30",
            "name": "Priya Raman",
            "age": 38,
            "what": "Visit 3 of 6",
            "note": "Pain 6 after a long drive, slept badly",
            "pain": [5, 5, 6, 7, 7],
            "matters": 3,
            "status": "off_track",
            "words": "Off track",
            "next": True,
            "days": [*done[:3], "missed", "done", "none", *done[:2], "missed", "done", "none", "missed", "half", "missed"],
        },
        {
            "time": "9:15",
            "name": "Marisol Vega",
            "age": 54,
            "what": "Evaluation",
            "note": "Intake done at home, 4 minutes to read",
            "pain": [],
            "status": "none",
            "words": "First visit",
            "days": ["none"] * 14,
        },
        {
            "time": "11:00",
            "name": "Bartholomew Featherstonehaugh-Villavicencio",
            "age": 29,
            "what": "Discharge",
            "note": "Pain 1, function 9. Flare plan left to check",
            "pain": [6, 5, 5, 4, 3, 2, 2],
            "matters": 4,
            "status": "ready",
            "words": "Ready",
            "days": done,
        },
    ]
