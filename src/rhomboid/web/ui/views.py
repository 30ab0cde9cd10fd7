"""The gallery: every component in every state, with invented people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery.html", {"section": "gallery"})
