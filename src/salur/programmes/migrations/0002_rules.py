"""Rules are public and final; quotas follow the area."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "rules.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial"), ("access", "0003_watched")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
