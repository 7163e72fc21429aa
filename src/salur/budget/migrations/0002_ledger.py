"""The ledger moves commitments and is never changed."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "ledger.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("budget", "0001_initial"), ("access", "0003_watched")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
