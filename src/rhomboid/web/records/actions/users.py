"""Who may sign in: inviting people, changing their role, closing and opening accounts. There is always an owner."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from ...accounts.models import User
from ...accounts.roles import ROLES
from .. import audit
from ..models import Person
from . import Refused

STAFF_ROLES = tuple(role.id for role in ROLES.values() if role.staff)


@transaction.atomic
def create_owner(*, email: str, name: str, password: str) -> User:
    """Makes the first owner. Called at the machine itself; refused as soon as there is one."""
    if User.objects.select_for_update().filter(role="owner", is_active=True).exists():
        raise Refused("This clinic has an owner already", "The owner invites everybody else under Settings, People.")
    owner = _made(email, name, "owner", password=password)
    audit.write(by="At the machine", action="user.first_owner", subject=f"user {owner.pk}")
    return owner


@transaction.atomic
def invite(*, email: str, name: str, role: str, credentials: str = "", license_number: str = "", by: User) -> User:
    """Makes an account without a password. Its owner sets one through a link that is mailed or handed over."""
    _may(by)
    if role not in STAFF_ROLES:
        raise Refused("Choose a role", "Patients are invited from their own record.")
    user = _made(email, name, role, credentials=credentials.strip(), license_number=license_number.strip())
    audit.write(by=by, action="user.invite", subject=f"user {user.pk}", role=role)
    return user


@transaction.atomic
def invite_person(*, person: Person, email: str, by: User) -> User:
    """Gives somebody who comes to the clinic a login to their own record."""
    if not by.may("register"):
        raise Refused("Your role does not invite patients", "Ask the front desk.")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.user and person.user.has_mail:
        raise Refused(f"{person} has a login already", "Send a new link instead.", status=409)
    if person.user:  # so far signed in by a personal link alone
        person.user.email = _free(email)
        person.user.save(update_fields=["email"])
    else:
        person.user = _made(email, str(person), "patient")
        person.save(update_fields=["user"])
    audit.write(by=by, action="user.invite", person=person, subject=f"user {person.user.pk}", role="patient")
    return person.user


@transaction.atomic
def change(*, user: User, name: str, role: str, credentials: str, license_number: str, by: User) -> User:
    """Changes what somebody is at the clinic. What they have signed keeps the name they signed with."""
    _may(by)
    user = _locked(user)
    if user.role not in STAFF_ROLES or role not in STAFF_ROLES:
        raise Refused("A patient's login stays a patient's login", "Invite this person with another e-mail address.")
    if not name.strip():
        raise Refused("An account needs a name", "Write it as it should stand under a note.")
    if role != "owner":
        _not_the_last_owner(user)
    before = {field: getattr(user, field) for field in ("name", "role", "credentials", "license_number")}
    user.name, user.role, user.credentials, user.license_number = name.strip(), role, credentials.strip(), license_number.strip()
    user.save(update_fields=list(before))
    changed = sorted(field for field, value in before.items() if getattr(user, field) != value)
    audit.write(by=by, action="user.change", subject=f"user {user.pk}", fields=changed, role=role)
    return user


@transaction.atomic
def close(*, user: User, by: User) -> User:
    """Closes an account: it is signed out everywhere at its next click. Its signatures and events stay."""
    _may(by)
    user = _locked(user)
    if user.pk == by.pk:
        raise Refused("You cannot close your own account", "Ask another owner.")
    _not_the_last_owner(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.write(by=by, action="user.close", subject=f"user {user.pk}")
    return user


@transaction.atomic
def open_again(*, user: User, by: User) -> User:
    _may(by)
    user = _locked(user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.write(by=by, action="user.open", subject=f"user {user.pk}")
    return user


@transaction.atomic
def forget_second_factor(*, user: User, by: User) -> None:
    """For a lost phone: takes away passkeys, app and recovery codes. At the next sign-in a new one is asked for."""
    _may(by)
    gone, _ = Authenticator.objects.filter(user=user).delete()
    audit.write(by=by, action="user.second_factor", subject=f"user {user.pk}", removed=gone)


@transaction.atomic
def link_given(*, user: User, by: User, mailed: bool) -> None:
    """Keeps on record that somebody was given a link that sets their password."""
    if not by.may("manage_people") and not (user.role == "patient" and by.may("register")):
        raise Refused("Your role does not give links", "Ask the clinic's owner.")
    if not user.is_active:
        raise Refused("This account is closed", "Open it first.")
    audit.write(by=by, action="user.link", subject=f"user {user.pk}", mailed=mailed)


def _made(email: str, name: str, role: str, password: str | None = None, **fields: str) -> User:
    email, name = _free(email), name.strip()
    if not name:
        raise Refused("An account needs a name", "Write it as it should stand under a note.")
    return User.objects.create_user(email, password, name=name, role=role, **fields)


def _free(email: str) -> str:
    """An address that no account has yet, as it is kept."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("This is not an e-mail address", "It looks like name@example.org.") from None
    if User.objects.filter(email__iexact=email).exists():
        raise Refused("This e-mail has an account already", "Change that account, or take another address.", status=409)
    return email


def _may(by: User) -> None:
    if not by.may("manage_people"):
        raise Refused("Only an owner changes accounts", "Ask the clinic's owner.")


def _locked(user: User) -> User:
    """The account, with all owners locked, so that two owners cannot take the role from each other at once."""
    list(User.objects.select_for_update().filter(role="owner").values_list("pk"))
    return User.objects.select_for_update().get(pk=user.pk)


def _not_the_last_owner(user: User) -> None:
    if user.role != "owner" or not user.is_active:
        return
    if not User.objects.filter(role="owner", is_active=True).exclude(pk=user.pk).exists():
        raise Refused(f"{user.name} is the clinic's only owner", "Make somebody else an owner first.")
