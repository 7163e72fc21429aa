"""Entitlements, the periods that never overlap, and the seal of an approved list."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "entitlements.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("cycles", "0001_initial"), ("access", "0003_watched")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
