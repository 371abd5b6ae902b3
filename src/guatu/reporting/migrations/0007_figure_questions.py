import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_list_making"),
        ("organisation", "0007_region_name_withdrawal"),
        ("reporting", "0006_unit_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("falls", "累计数减少"),
                            ("above-total", "超过总投资"),
                            ("above-contract", "超过合同金额"),
                            ("above-paid", "与支付数差距大"),
                            ("exactly-plan", "连续与计划相同"),
                            ("heaps", "整数偏多"),
                            ("year-end", "年末集中"),
                            ("off-pace", "与同类进度差距大"),
                            ("node", "投资与形象节点不一致"),
                            ("conditions", "开工条件与开工时间不一致"),
                            ("repeated", "与已开工项目相近"),
                            ("text", "文字与数字不一致"),
                        ],
                        max_length=20,
                    ),
                ),
                ("clause", models.CharField(max_length=20)),
                ("book_version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("facts", models.TextField()),
                ("facts_key", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待核实"),
                            ("answered", "已答复"),
                            ("withdrawn", "不再成立"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_by", models.CharField(blank=True, max_length=150)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.organisation",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figure_questions",
                        to="reporting.period",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figure_questions",
                        to="ledger.project",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["period", "state"], name="reporting_figure_question")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("project__isnull", False)),
                        fields=("project", "kind", "facts_key"),
                        name="reporting_figure_asked_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("project__isnull", True)),
                        fields=("organisation", "kind", "facts_key"),
                        name="reporting_unit_asked_once",
                    ),
                ],
            },
        ),
    ]
