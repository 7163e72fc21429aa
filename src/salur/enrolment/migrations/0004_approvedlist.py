"""Which list of a period was approved; lists that were approved before this stay the newest ones of their period."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0003_counted")]

    operations = [
        migrations.CreateModel(
            name="ApprovedList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.TextField()),
                (
                    "determination",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approved",
                        to="enrolment.determination",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "select keep_forever('enrolment_approvedlist'); select watch('enrolment_approvedlist');",
            migrations.RunSQL.noop,
        ),
    ]
