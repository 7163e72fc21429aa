"""Functions and helpers with which the database enforces the area."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "area.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("audit", "0002_chain")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
