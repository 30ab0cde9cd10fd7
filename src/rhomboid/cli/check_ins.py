"""`rhomboid check-ins send`: reminds discharged people of the check-ins that are due, each once. Meant to run once a day."""

from __future__ import annotations

from argparse import Namespace

from ..vocabulary import Problem, RhomboidError
from .reading import Commands, add_command, add_json
from .show import Page, count, print_json


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "check-ins", "remind discharged people by e-mail of the check-ins that are due, each once", run)
    parser.add_argument("what", choices=["send"])
    parser.add_argument(
        "--site", default="", metavar="URL", help="where people reach this site (default: the first of RHOMBOID_ORIGINS)"
    )
    add_json(parser)


def run(args: Namespace) -> int:
    """Returns 1 when the mail server refused a mail: it is tried again the next time."""
    from ..web.keeping.setup import start_with_records

    start_with_records()
    from django.conf import settings

    from ..web.records import reminding
    from ..web.records.actions import Refused

    site = args.site or next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    if not site.startswith(("https://", "http://")):
        raise RhomboidError([Problem("check-ins", "site", "is not known", "give --site https://... or set RHOMBOID_ORIGINS")])
    try:
        found = reminding.send(site=site, by="command line")
    except Refused as refused:
        raise RhomboidError([Problem("check-ins", "mail", refused.message, refused.fix)]) from None
    if args.json:
        print_json({"sent": found.sent, "unreachable": found.unreachable, "failed": found.failed})
    else:
        page = Page()
        page.line(f"{count(found.sent, 'reminder')} sent.")
        if found.unreachable:
            page.line(f"{count(found.unreachable, 'person', 'people')} without e-mail or a link that opens: call them.")
        if found.failed:
            page.line(f"{count(found.failed, 'mail')} refused by the mail server: tried again the next time.")
    return 1 if found.failed else 0
