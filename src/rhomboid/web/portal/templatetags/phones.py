"""What the sign-in page of a demo shows: the phones of invented people."""

from __future__ import annotations

from django import template

from ...records import demo

register = template.Library()
register.simple_tag(demo.phones, name="demo_phones")
