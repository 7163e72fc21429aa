"""Instructions, and which records of delivery follow the area."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "instructions.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial"), ("access", "0003_watched")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
