"""Sealed means sealed."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "sealed.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("lake", "0001_initial"), ("audit", "0002_chain")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
