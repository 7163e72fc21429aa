"""The big tables of the register: written by import runs only, so no model and no foreign keys."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "people.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("access", "0003_watched")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
