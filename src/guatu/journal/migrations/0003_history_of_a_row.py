from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_form_tokens")]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["row_id", "table"], name="journal_change_row"),
        ),
    ]
