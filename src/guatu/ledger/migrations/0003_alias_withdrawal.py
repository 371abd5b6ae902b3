import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_lists_in_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="AliasWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "alias",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="ledger.projectalias",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
