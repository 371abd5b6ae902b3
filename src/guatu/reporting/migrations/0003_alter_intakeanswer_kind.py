from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_intake_desk"),
    ]

    operations = [
        migrations.AlterField(
            model_name="intakeanswer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("project", "是哪个项目"),
                    ("region", "是哪个地区"),
                    ("cell", "这一格是多少"),
                    ("unit", "金额单位"),
                    ("accept", "核实无误"),
                    ("row", "以哪一行为准"),
                    ("sender", "以哪个单位为准"),
                    ("table", "整张表是否采用"),
                    ("file", "是哪个单位发的"),
                    ("dismiss", "不采用"),
                ],
                max_length=10,
            ),
        ),
    ]
