"""Determinations are final."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "records.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0001_initial"), ("access", "0003_watched")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
