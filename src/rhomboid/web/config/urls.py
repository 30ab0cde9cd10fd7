"""All addresses. Each view says who may use it (records.access); a test walks them all."""

from __future__ import annotations

from django.urls import include, path

from ..accounts.views import healthz, home
from ..records.access import public, signed_in
from ..ui.figures import figure_file
from ..ui.views import gallery

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("account/", include("rhomboid.web.accounts.allauth_urls")),
    path("", include("rhomboid.web.accounts.urls")),
    path("", include("rhomboid.web.clinic.urls")),
    path("", include("rhomboid.web.portal.urls")),
    path("figures/<slug:name>.svg", public(figure_file), name="figure"),
    path("gallery", signed_in("GET")(gallery), name="gallery"),
]
handler400 = "rhomboid.web.accounts.views.bad_request"
handler403 = "rhomboid.web.accounts.views.forbidden"
handler404 = "rhomboid.web.accounts.views.not_found"
handler500 = "rhomboid.web.accounts.views.server_error"
