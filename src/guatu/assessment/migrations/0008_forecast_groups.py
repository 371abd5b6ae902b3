from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0007_one_run_of_record")]

    operations = [
        migrations.RemoveConstraint(
            model_name="forecasttest", name="assessment_forecast_test_once"
        ),
        migrations.AddField(
            model_name="forecast", name="ended_least", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="forecast", name="ended_most", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="forecast",
            name="group",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="forecast", name="stood_least", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="forecast", name="stood_most", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="forecasttest",
            name="group",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="forecasttest", name="untold", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddConstraint(
            model_name="forecasttest",
            constraint=models.UniqueConstraint(
                fields=("basis", "year", "month", "group"), name="assessment_forecast_test_once"
            ),
        ),
    ]
