"""The history of files and releases."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "records.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_people")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
