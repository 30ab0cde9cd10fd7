"""For the browser: Marisol under care for a while, with a plan in force, who has agreed, and her personal link."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from tests.serving import PASSWORD
from tests.web import care
from tests.web.conftest import everybody

from rhomboid.web.accounts.models import User
from rhomboid.web.records import clock, current
from rhomboid.web.records.actions import consents, links
from rhomboid.web.records.home_program import program_of

FOUND = "phone.json"


def fill() -> None:
    """Writes the way in, and an exercise that is counted in repetitions, into the data folder."""
    now = clock.now()
    with clock.fixed(now - timedelta(days=3)):
        cast = everybody()
        User.objects.update(password=make_password(PASSWORD))
        cast.marisol.language = os.environ.get("PHONE_LANGUAGE", "en")
        cast.marisol.save()
        for kind in ("care", "data"):
            consents.answer(episode=cast.episode, kind=kind, given=True, text="Agreed", by=cast.patient)
        care.under_care(cast.episode, cast.therapist)
    link = links.issue(episode=cast.episode, by=cast.therapist)
    lines = program_of(cast.episode, current.knowledge(), on=clock.today()).lines
    found = {
        "path": f"/p/{links.token_of(link)}",
        "episode": cast.episode.ref,
        "items": [one.item.ref for one in lines],
        "born": ["9", "3", "1972"],
    }
    Path(os.environ["RHOMBOID_DATA"], FOUND).write_text(json.dumps(found), encoding="utf-8")
