from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_the_newest(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Where two commands had marked a run of one snapshot at once, pages showed the newer one."""
    run = apps.get_model("assessment", "Run")
    seen: set[int] = set()
    marked = run.objects.filter(is_of_record=True).order_by("-at", "-pk")
    for pk, snapshot in marked.values_list("pk", "snapshot_id"):
        if snapshot in seen:
            run.objects.filter(pk=pk).update(is_of_record=False)
        seen.add(snapshot)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0006_rule_book_drafts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rulebookdraft",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "起草"),
                    ("submitted", "待发布"),
                    ("published", "已发布"),
                    ("dropped", "已作废"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.RunPython(keep_the_newest, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_of_record", True)),
                fields=("snapshot",),
                name="assessment_run_of_record_once",
            ),
        ),
    ]
