"""The application that the server runs."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rhomboid.web.config.settings")
# A page makes and drops some hundred thousand small objects. Looking for cycles after every 700 of them costs it a twentieth of its
# time and, now and then, the length of a whole query; the large, lasting part is frozen (records/current.py).
gc.set_threshold(20_000, 20, 20)
application = get_wsgi_application()
