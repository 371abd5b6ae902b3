from django.db import migrations


class Migration(migrations.Migration):
    """Results of campaigns are papers (publishing); what was kept before stands in the journal."""

    dependencies = [
        ("ledger", "0008_material_words"),
    ]

    operations = [
        migrations.RemoveField(model_name="campaign", name="result_text"),
    ]
