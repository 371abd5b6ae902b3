import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_alias_withdrawal"),
        ("organisation", "0007_region_name_withdrawal"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordedValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[("project", "项目"), ("organisation", "单位"), ("region", "地区")],
                        max_length=12,
                    ),
                ),
                ("measure", models.CharField(max_length=100)),
                ("form", models.CharField(max_length=30)),
                ("value", models.TextField(blank=True)),
                ("on", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("basis", models.CharField(blank=True, max_length=300)),
                ("is_withdrawal", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisation.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recorded",
                        to="ledger.project",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisation.region",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="ledger.recordedvalue",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["measure", "subject"], name="ledger_value_measure")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("organisation__isnull", True),
                                ("project__isnull", False),
                                ("region__isnull", True),
                                ("subject", "project"),
                            ),
                            models.Q(
                                ("organisation__isnull", False),
                                ("project__isnull", True),
                                ("region__isnull", True),
                                ("subject", "organisation"),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("project__isnull", True),
                                ("region__isnull", False),
                                ("subject", "region"),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_value_of_one",
                    )
                ],
            },
        ),
    ]
