import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0004_request_end"),
        ("ledger", "0003_alias_withdrawal"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(max_length=30)),
                ("class_name", models.CharField(max_length=120)),
                ("years", models.CharField(blank=True, max_length=60)),
                ("pool", models.PositiveIntegerField()),
                ("left_out", models.PositiveIntegerField()),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forecast_basis",
                        to="assessment.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("p80_yuan", models.BigIntegerField(blank=True, null=True)),
                ("p50_yuan", models.BigIntegerField(blank=True, null=True)),
                ("p20_yuan", models.BigIntegerField(blank=True, null=True)),
                ("like", models.PositiveIntegerField(default=0)),
                ("months", models.PositiveSmallIntegerField(default=0)),
                ("is_capped", models.BooleanField(default=False)),
                ("is_finished", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=20)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forecasts",
                        to="ledger.project",
                    ),
                ),
                (
                    "basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forecasts",
                        to="assessment.forecastbasis",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("basis", "project"), name="assessment_forecast_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.PositiveSmallIntegerField()),
                ("way", models.CharField(max_length=20)),
                ("tested", models.PositiveIntegerField()),
                ("covered", models.PositiveIntegerField()),
                ("error", models.BigIntegerField()),
                ("naive_error", models.BigIntegerField()),
                (
                    "basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tests",
                        to="assessment.forecastbasis",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("basis", "year", "month"), name="assessment_forecast_test_once"
                    )
                ],
            },
        ),
    ]
