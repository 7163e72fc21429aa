"""Everybody may read the codes."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "public.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial"), ("access", "0002_area")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
