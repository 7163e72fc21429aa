"""salur init, db, serve, doctor: the house itself."""

from __future__ import annotations

import os
import secrets
from dataclasses import asdict
from typing import Annotated

import typer

from salur.entrypoints.cli.house import Json, answer, done, is_demo, tell
from salur.foundation.database import server
from salur.foundation.database.connection import connect, is_embedded
from salur.foundation.database.home import ensure_secret, folder, home, secret
from salur.foundation.database.locks import run_lock
from salur.foundation.database.ready import prepare, ready_django
from salur.foundation.database.roles import ensure_roles
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

database = typer.Typer(help="Server PostgreSQL di dalam Salur.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("serve")(serve)
    app.command("doctor")(doctor)
    app.add_typer(database, name="db")


def init(
    admin: Annotated[str, typer.Option(help="Nama akun admin pertama")] = "",
    demo: Annotated[bool, typer.Option("--demo", help="Rumah data contoh: nama pengguna saja sudah cukup")] = False,
    as_json: Json = False,
) -> None:
    """Siapkan basis data, peran, wilayah, dan katalog; dipanggil lagi: mutakhirkan."""
    found = make_house(admin=admin, demo=demo)
    answer(found, as_json=as_json)
    if found.get("token"):
        tell(_("Simpan token ini untuk SALUR_TOKEN; hanya ditampilkan sekali."))


def make_house(*, admin: str = "", demo: bool = False, id_key: str | None = None) -> dict[str, object]:
    """Bring a home up to date. A home that holds real data never becomes a demo home."""
    is_new = secret("id_key") is None
    if demo and not is_new and not is_demo():
        raise Refused(
            _("Rumah %(home)s berisi data sungguhan; pakai SALUR_HOME lain untuk data contoh.") % {"home": home()}
        )
    for name in ("lake", "archive", "tmp", "run", "log"):
        folder(name)
    if is_embedded():
        server.ensure_running(home())
    ensure_secret("django")
    ensure_secret("id_key", _id_key(id_key))
    if demo:
        ensure_secret("demo", "yes")
    ready_django()
    with connect("owner") as owner, run_lock(owner, "init", wait=True):
        ensure_roles(owner)
        owner.commit()
        found = _fill(admin)
    from salur.foundation.lake.sweep import sweep

    sweep()
    return found


def _id_key(given: str | None) -> str:
    key = given or os.environ.get("SALUR_ID_KEY") or secrets.token_hex(32)
    try:
        bytes.fromhex(key)
    except ValueError:
        raise Refused(_("SALUR_ID_KEY harus angka heksadesimal; buat misalnya dengan openssl rand -hex 32.")) from None
    return key


def _fill(admin: str) -> dict[str, object]:
    """Migrations, regions, catalogue, channels and the first administrator."""
    from django.core.management import call_command

    from salur.delivery.actions import channels
    from salur.foundation.access.actions import officers
    from salur.foundation.access.models import Officer
    from salur.foundation.audit import record as audit
    from salur.foundation.regions.actions import load_regions
    from salur.programmes.actions import shipping

    call_command("migrate", verbosity=0, interactive=False)
    audit.act_as("init")
    regions = load_regions()
    versions = shipping.load(by="init")
    channels.load()
    token = ""
    if not admin and is_demo() and not Officer.objects.exists():
        admin = "admin"
    if admin and not Officer.objects.filter(name=admin).exists():
        token = officers.add(admin, role="admin", area="00", by="init")
    done()
    return {
        "home": str(home()),
        "regions": regions,
        "rule_versions_added": versions,
        "admin": admin or None,
        "token": token or None,
    }


@database.command("start")
def start() -> None:
    """Nyalakan server."""
    server.ensure_running(home())


@database.command("stop")
def stop() -> None:
    """Matikan server; tidak ada proses yang tertinggal."""
    server.stop(home())


@database.command("status")
def status(as_json: Json = False) -> None:
    """Apakah server menyala, di mana datanya."""
    found = server.status(home())
    answer({**vars(found), "address": str(found.address.socket)}, as_json=as_json)
    if not found.running:
        raise typer.Exit(1)


def serve(host: Annotated[str, typer.Option()] = "127.0.0.1", port: Annotated[int, typer.Option()] = 8000) -> None:
    """Jalankan halaman web sampai dihentikan."""
    prepare()
    run_server(host, port)


def run_server(host: str, port: int) -> None:
    """Serve the pages with waitress until interrupted."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    tell(_("Salur di http://%(host)s:%(port)s (hentikan dengan Ctrl+C)") % {"host": host, "port": port})
    waitress.serve(get_wsgi_application(), host=host, port=port, threads=8, ident=None)


def doctor(as_json: Json = False) -> None:
    """Periksa rumah: server, skema, hak berkas, rantai audit, sisa pekerjaan yang mati."""
    prepare()
    from django.core.management import call_command
    from django.db import connection

    from salur.foundation.audit import record as audit
    from salur.foundation.lake.models import Dataset
    from salur.foundation.lake.read import files
    from salur.foundation.lake.sweep import sweep

    checks: dict[str, bool] = {}
    checks["home_is_private"] = home().stat().st_mode & 0o077 == 0
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int >= 160000")
        checks["postgresql_16_or_newer"] = cursor.fetchone()[0]
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
        checks["schema_is_current"] = True
    except SystemExit:
        checks["schema_is_current"] = False
    checks["audit_chain_is_whole"] = not audit.broken_blocks() and not audit.lost_heads()
    checks["sealed_files_are_there"] = all(
        file.is_file() for dataset in Dataset.objects.iterator() for file in files(dataset)
    )
    swept = sweep()
    answer({"ok": all(checks.values()), **checks, "swept": asdict(swept) if swept else None}, as_json=as_json)
    if not all(checks.values()):
        raise typer.Exit(1)
