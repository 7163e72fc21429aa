"""The history of accounts and roles."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "watched.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("access", "0002_area")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
