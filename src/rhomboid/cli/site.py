"""The commands that keep a clinic's site: serve, owner, backup, restore, audit, export, doctor.

Django is loaded when one of them runs: the other commands work without it.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from ..vocabulary import Problem, RhomboidError
from .reading import Commands, add_command, add_json
from .show import QUIET, STRONG, Page, count, print_json

if TYPE_CHECKING:
    from ..web.keeping.archive import Manifest
    from ..web.keeping.found import Found

STATES = {"well": ("✓", "green"), "look": ("!", "yellow"), "ill": ("✗", "bold red")}


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "serve", "start the clinic's site; the tables are brought up to date after a backup", serve)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--demo", action="store_true", help="a sample clinic with invented people, in the folder rhomboid-demo")
    parser = add_command(commands, "owner", "make the first owner of a new installation, who invites everybody else", owner)
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--name", required=True)
    parser = add_command(commands, "backup", "save the whole installation to one file, while people work", backup)
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="default: a dated file in the backups folder")
    add_json(parser)
    parser = add_command(commands, "restore", "bring a backup back, checked before and after", restore)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="replace the records there are; they are backed up first")
    add_json(parser)
    parser = add_command(commands, "audit", "verify the audit trail from the first event to the last", audit)
    parser.add_argument("what", choices=["verify"])
    add_json(parser)
    parser = add_command(commands, "export", "write everything kept about one person to one zip file", export)
    parser.add_argument("person", metavar="PERSON", help="the reference from the address of their page, or the name")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    add_json(parser)
    parser = add_command(commands, "doctor", "look the installation over, and say what to do", doctor)
    add_json(parser)


def serve(args: Namespace) -> int:
    from ..web.keeping.setup import start

    start(demo=args.demo)
    from ..web.keeping.server import Where, check, prepare
    from ..web.keeping.server import serve as run

    page, where = Page(), Where(args.host, args.port, args.workers)
    check(where)
    if saved := prepare():
        page.line(f"The tables were brought up to date. What was there before is in {saved}.")
    if args.demo:
        _fill_demo(page, where.url)
    page.line(Text.assemble(("Rhomboid", STRONG), " at ", (where.url, STRONG), ("   Ctrl C stops it.", QUIET)))
    sys.stdout.flush()
    run(where)
    return 0


def _fill_demo(page: Page, url: str) -> None:
    from ..web.keeping.sample import PASSWORD, fill, logins
    from ..web.records.demo import phones

    if fill():
        page.line("A sample clinic was made. All its people are invented.", QUIET)
    page.pairs([(role, f"{email}  password {PASSWORD}") for role, email in logins()])
    page.line("Patients' phones, each by the personal link and the date of birth:", QUIET)
    for one in phones():
        page.line(f"{one.name}, {one.stage}, {one.language}, born {one.born:%B} {one.born.day}, {one.born.year}")
        page.address(f"{url.rstrip('/')}{one.path}")


def owner(args: Namespace) -> int:
    from ..web.keeping.setup import start

    start()
    from ..web.accounts.first import first_owner
    from ..web.keeping.server import prepare
    from ..web.records.actions import Refused

    prepare()
    password = getpass("Password (at least 10 signs): ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        made = first_owner(email=args.email, name=args.name, password=password)
    except Refused as refused:
        raise RhomboidError([Problem("owner", args.email, refused.message, refused.fix)]) from None
    Page().line(f"{made.name} can sign in now, and is asked for a second factor first.")
    return 0


def backup(args: Namespace) -> int:
    from ..web.keeping.setup import start_with_records

    start_with_records()
    from ..web.keeping.backup import backup as save
    from ..web.keeping.backup import fresh_name

    target = args.file or fresh_name("rhomboid")
    return _said(save(target), args, file=str(target), done=f"Saved to {target}")


def restore(args: Namespace) -> int:
    from ..web.keeping.setup import start

    start()
    from ..web.keeping.backup import restore as bring_back

    manifest, saved = bring_back(args.file, replace=args.replace)
    aside = f" What was there before is in {saved}." if saved else ""
    return _said(manifest, args, file=str(args.file), saved=str(saved or ""), done=f"Restored from {args.file}.{aside}")


def _said(manifest: Manifest, args: Namespace, *, done: str, **more: Any) -> int:
    if args.json:
        said = {"engine": manifest.engine, "made_at": manifest.made_at, "rows": manifest.rows, "sha256": manifest.sha256}
        print_json({**more, **said, "audit_events": manifest.audit[0]})
        return 0
    page = Page()
    page.line(done, STRONG)
    held = f"{manifest.engine}, {count(manifest.rows, 'row')}, {count(manifest.audit[0], 'audit event')}"
    page.line(f"{held}, checked. Made {manifest.made_at}.", QUIET)
    return 0


def audit(args: Namespace) -> int:
    from ..web.keeping.setup import start_with_records

    start_with_records()
    from ..web.records import audit as trail
    from ..web.records.actions import notes
    from ..web.records.models import AuditEvent

    broken, changed = list(trail.verify()), list(notes.verify())
    events = AuditEvent.objects.count()
    if args.json:
        print_json(
            {
                "events": events,
                "breaks": [{"event": one.event, "what": one.what} for one in broken],
                "notes": [{"note": one.note, "what": one.what} for one in changed],
            }
        )
    else:
        page = Page()
        for one in broken[:20]:
            page.line(Text.assemble(("✗ ", "bold red"), f"event {one.event}: {one.what}"))
        for note in changed[:20]:
            page.line(Text.assemble(("✗ ", "bold red"), f"note {note.note}: {note.what}"))
        page.line(
            f"{count(events, 'event')}: " + (f"broken in {count(len(broken), 'place')}" if broken else "the trail holds"), STRONG
        )
    return 1 if broken or changed else 0


def export(args: Namespace) -> int:
    from ..web.keeping.setup import start_with_records

    start_with_records()
    from ..web.keeping.export import export as write
    from ..web.keeping.export import find_person

    made = write(find_person(args.person), args.out, by="command line")
    if args.json:
        print_json({"file": str(made.path), "rows": made.rows, "files": made.files})
    else:
        page = Page()
        page.line(f"Everything is in {made.path}", STRONG)
        page.line(
            f"{count(sum(made.rows.values()), 'row')} of {count(len(made.rows), 'table')}, {count(made.files, 'document')}.", QUIET
        )
    return 0


def doctor(args: Namespace) -> int:
    from ..web.keeping.setup import start

    try:
        start()
    except RhomboidError as error:
        return _diagnose([_wrong(problem) for problem in error.problems], args)
    from ..web.keeping.doctor import examine

    return _diagnose(list(examine()), args)


def _wrong(problem: Problem) -> Found:
    from ..web.keeping.found import Found

    return Found("Settings", "ill", problem.message, problem.fix)


def _diagnose(found: list[Found], args: Namespace) -> int:
    if args.json:
        print_json({"checks": [{"name": f.name, "state": f.state, "words": f.words, "fix": f.fix} for f in found]})
    else:
        page = Page()
        page.heading("Doctor")
        for one in found:
            sign, style = STATES[one.state]
            page.line(Text.assemble((f"{sign} ", style), (one.name, STRONG), f" {one.words}"))
            if one.fix:
                page.line(Text.assemble(("do ", QUIET), one.fix), indent=4)
    return 1 if any(one.state == "ill" for one in found) else 0
