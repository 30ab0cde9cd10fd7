"""People who sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q

from .roles import ROLES, Permission, Role

NO_MAIL = "@no-mail.invalid"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(email, password, role="owner", **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a login. What they may do follows from the role alone (roles.py)."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=[(role.id, role.name) for role in ROLES.values()])
    credentials = models.CharField(max_length=40, blank=True, help_text="Letters after the name, such as PT, DPT")
    license_number = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="user_role_known"),
            models.CheckConstraint(condition=~Q(name=""), name="user_has_name"),
        )

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def no_mail(ref: str) -> str:
        """The address of an account that nobody has given one: a domain that by agreement (RFC 2606) never receives mail."""
        return f"{ref}{NO_MAIL}"

    @property
    def has_mail(self) -> bool:
        return not self.email.endswith(NO_MAIL)

    @property
    def role_of(self) -> Role:
        return ROLES[self.role]

    @property
    def licensed(self) -> bool:
        return bool(self.license_number)

    @property
    def is_staff_member(self) -> bool:
        return self.role_of.staff

    @property
    def label(self) -> str:
        """How the record names this person for good, whatever becomes of the account."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:2]).upper()

    def may(self, permission: Permission) -> bool:
        """Whether the role, with the license on file, gives a permission."""
        role = self.role_of
        return self.is_active and (permission in role.permissions or (permission in role.needs_license and self.licensed))
