"""The clinic's settings: its name and letterhead, and who works here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ...accounts import invitations
from ...accounts.models import User
from ...accounts.roles import ROLES
from ...records.access import Request, access, signed_in
from ...records.actions import Refused, house, users
from ...records.models import Clinic

PEOPLE = ("email", "name", "role", "credentials", "license_number")
SHOWN = 200


@access("manage_clinic", "GET", "POST")
def settings(request: Request) -> HttpResponse:
    clinic = Clinic.current()
    if request.method != "POST":
        return _clinic_page(request, {field: getattr(clinic, field) for field in house.FIELDS})
    typed = {field: request.POST.get(field, "") for field in house.FIELDS}
    try:
        house.change_clinic(by=request.user, **typed)
    except Refused as refused:
        return _clinic_page(request, typed, refused)
    messages.success(request, "Saved. New papers carry it from now on.")
    return redirect("settings")


@access("manage_clinic", "POST")
def settings_logo(request: Request) -> HttpResponse:
    try:
        if "remove" in request.POST:
            house.remove_logo(by=request.user)
        elif given := request.FILES.get("logo"):
            house.set_logo(content=given.read(house.LARGEST_FILE + 1), by=request.user)
        else:
            raise Refused("Choose a picture first", "PNG or JPEG, at most 2 MB.")
    except Refused as refused:
        clinic = Clinic.current()
        return _clinic_page(request, {field: getattr(clinic, field) for field in house.FIELDS}, logo_refused=refused)
    messages.success(request, "The logo is changed.")
    return redirect("settings")


@signed_in("GET")
def clinic_logo(request: Request) -> HttpResponse:
    clinic = get_object_or_404(Clinic, id=1)
    if not clinic.logo:
        raise Http404
    return HttpResponse(bytes(clinic.logo), content_type=clinic.logo_mime, headers={"X-Content-Type-Options": "nosniff"})


def _clinic_page(
    request: Request, typed: dict[str, Any], refused: Refused | None = None, logo_refused: Refused | None = None
) -> HttpResponse:
    context = {
        "section": "settings",
        "part": "clinic",
        "typed": typed,
        "refused": refused,
        "logo_refused": logo_refused,
        "paper": Clinic._meta.get_field("paper").choices,
    }
    problem = refused or logo_refused
    return render(request, "clinic/settings.html", context, status=problem.status if problem else 200)


@access("manage_people", "GET", "POST")
def settings_people(request: Request) -> HttpResponse:
    if request.method != "POST":
        return _people_page(request, {"role": "therapist"})
    typed = {field: request.POST.get(field, "") for field in PEOPLE}
    try:
        made = users.invite(by=request.user, **typed)
        return _given(request, made)
    except Refused as refused:
        return _people_page(request, typed, refused)


@access("manage_people", "GET", "POST")
def settings_user(request: Request, user_id: int) -> HttpResponse:
    """One account: what it may do, and closing it."""
    user = get_object_or_404(User, pk=user_id)
    if request.method != "POST":
        return _user_page(request, user, {field: getattr(user, field) for field in PEOPLE})
    typed = {field: request.POST.get(field, "") for field in PEOPLE[1:]}
    try:
        users.change(user=user, by=request.user, **typed)
    except Refused as refused:
        return _user_page(request, user, typed, refused)
    messages.success(request, f"Saved: {typed['name']}.")
    return redirect("settings_people")


@access("manage_people", "POST")
def settings_user_do(request: Request, user_id: int, what: str) -> HttpResponse:
    """Closes or opens an account, takes its second factor away, or makes a new link for its password."""
    user = get_object_or_404(User, pk=user_id)
    try:
        match what:
            case "close":
                users.close(user=user, by=request.user)
            case "open":
                users.open_again(user=user, by=request.user)
            case "factor":
                users.forget_second_factor(user=user, by=request.user)
            case "link":
                return _given(request, user)
            case _:
                raise Http404
    except Refused as refused:
        return _user_page(request, user, {field: getattr(user, field) for field in PEOPLE}, refused)
    messages.success(request, f"Done: {user.name}.")
    return redirect("settings_user", user.pk)


@access("register", "POST", of="person")
def person_invite(request: Request, person: Any) -> HttpResponse:
    """Gives a patient a login to their own record, or a new link for the one there is."""
    if person.user and person.user.has_mail:
        return _given(request, person.user)
    user = users.invite_person(person=person, email=request.POST.get("email") or person.email, by=request.user)
    return _given(request, user)


def _given(request: Request, user: User) -> HttpResponse:
    """Mails the link, or shows it this one time."""
    link = invitations.link_for(request, user)
    mailed = invitations.mail(request, user, link=link, by=request.user, clinic=Clinic.current().name)
    users.link_given(user=user, by=request.user, mailed=mailed)
    context = {"section": "settings", "part": "people", "someone": user, "mailed": mailed, "link": "" if mailed else link}
    return render(request, "clinic/settings_link.html", context)


def _people_page(request: Request, typed: dict[str, Any], refused: Refused | None = None) -> HttpResponse:
    staff = list(User.objects.exclude(role="patient").order_by("-is_active", "name")[: SHOWN + 1])
    context = {
        "section": "settings",
        "part": "people",
        "people": staff[:SHOWN],
        "more": len(staff) > SHOWN,
        "patients": User.objects.filter(role="patient").count(),
        "roles": [ROLES[id_] for id_ in users.STAFF_ROLES],
        "typed": typed,
        "refused": refused,
    }
    return render(request, "clinic/settings_people.html", context, status=refused.status if refused else 200)


def _user_page(request: Request, user: User, typed: dict[str, Any], refused: Refused | None = None) -> HttpResponse:
    context = {
        "section": "settings",
        "part": "people",
        "someone": user,
        "roles": [ROLES[id_] for id_ in users.STAFF_ROLES],
        "typed": typed,
        "refused": refused,
    }
    return render(request, "clinic/settings_user.html", context, status=refused.status if refused else 200)
