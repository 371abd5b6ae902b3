"""guatu verify: what was changed past the platform is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from guatu.assessment.models import Snapshot
from guatu.assessment.tests.rounds import september
from guatu.files.models import Blob
from guatu.files.services import blob_path
from guatu.journal.models import Checkpoint
from guatu.journal.triggers import drop_guards
from tests.cli.calls import Guatu
from tests.factories import Cast
from tests.ground import own_store
from tests.tables import row_counts


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(scope="module")
def closed(ground: Cast, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return september(ground, tmp_path_factory.mktemp("september"))


@pytest.fixture
def checked(guatu: Guatu, closed: Snapshot) -> Guatu:
    return guatu


def test_an_untouched_installation_is_whole(checked: Guatu) -> None:
    before = row_counts()
    ran = checked("verify")
    assert (ran.code, ran.err) == (0, "")
    assert "日志完整，数据与日志一致；没有对照库外检查点。" in ran.out
    assert row_counts() == before


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE reporting_figure SET value = 1 WHERE value = 60000000", "reporting_figure"),
        (
            "UPDATE reporting_round SET closed_by = 'me'"
            " WHERE id = (SELECT MAX(id) FROM reporting_round)",
            "closed_by",
        ),
        ("UPDATE ledger_project SET name = 'x' WHERE national_code = 'P-1'", "name"),
        ("UPDATE organisation_user SET is_active = NOT is_active WHERE login = 'audit'", ""),
    ],
)
def test_a_cell_changed_by_raw_sql_is_named_with_table_row_and_column(
    checked: Guatu, statement: str, named: str
) -> None:
    sql(statement)
    ran = checked("verify")
    if not named:  # no such row: nothing was changed, nothing may be claimed
        assert ran.code == 0
        return
    assert ran.code == 2
    assert len(ran.faults) == 1
    assert named in ran.err
    assert "发现1处不符。" in ran.out


def test_a_row_put_in_past_the_journal_and_one_taken_out_are_named(checked: Guatu) -> None:
    sql("INSERT INTO ledger_term (vocabulary, code, name, place) VALUES ('sector', 'x', 'x', 1)")
    drop_guards()
    sql("DELETE FROM planning_datefact")
    ran = checked("verify")
    assert ran.code == 2
    assert "ledger_term" in ran.err
    assert "planning_datefact" in ran.err


def test_a_changed_or_missing_stored_file_is_named(
    checked: Guatu, settings: Settings, tmp_path: Path
) -> None:
    own_store(settings, tmp_path / "home")
    first, second = Blob.objects.order_by("pk").values_list("sm3", flat=True)[:2]
    kept = {path: path.read_bytes() for path in (blob_path(first), blob_path(second))}
    blob_path(first).write_bytes(b"other")
    blob_path(second).unlink()
    ran = checked("verify")
    for path, content in kept.items():
        path.write_bytes(content)
    assert (ran.code, len(ran.faults)) == (2, 2)
    assert f"{first}被改动" in ran.faults[0]
    assert f"缺少blobs/{second[:2]}/{second}" in ran.faults[1]
    assert checked("verify").code == 0


# --- checkpoints outside -----------------------------------------------------------------------


def test_a_checkpoint_is_saved_outside_and_agrees_later(checked: Guatu) -> None:
    target = checked.folder / "检查点.txt"
    ran = checked("verify", "--save-checkpoint", target)
    assert ran.code == 0
    assert Checkpoint.objects.get().printed_on == "检查点.txt"
    checked("settings", "digits=2")
    mark = target.read_text("utf-8").strip()
    for told in (target, mark, mark.upper().lower()):
        ran = checked("verify", "--checkpoint", told)
        assert ran.code == 0, ran
        assert "并与1个库外检查点相符" in ran.out


def test_a_journal_cut_at_its_end_is_found_by_the_checkpoint(checked: Guatu) -> None:
    checked("settings", "digits=2")
    target = checked.folder / "检查点.txt"
    checked("verify", "--save-checkpoint", target)
    seq = int(target.read_text("utf-8").split(":")[0])
    drop_guards()
    sql("DELETE FROM journal_checkpoint")
    sql(f"DELETE FROM journal_change WHERE entry_id >= {seq}")
    sql(f"DELETE FROM journal_entry WHERE seq >= {seq}")
    sql("DELETE FROM organisation_setting")
    sql(
        "UPDATE journal_head SET seq = (SELECT MAX(seq) FROM journal_entry), hash ="
        " (SELECT hash FROM journal_entry ORDER BY seq DESC LIMIT 1)"
    )
    assert checked("verify").code == 0, "without the checkpoint nobody can tell"
    ran = checked("verify", "--checkpoint", target)
    assert ran.code == 2
    assert f"日志第{seq}条" in ran.err


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "12", "12:", "12:abc", f"x:{'0' * 64}", f"²:{'0' * 64}",
        f"{'9' * 30}:{'0' * 64}", "没有.txt",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(checked: Guatu, text: str) -> None:
    [fault] = checked.refused("verify", "--checkpoint", text)
    assert "不是检查点" in fault or "没有这个检查点文件" in fault


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00", b"hello", b"1:abc\n"])
def test_an_emptied_or_foreign_checkpoint_file_is_refused(checked: Guatu, content: bytes) -> None:
    path = checked.folder / "检查点.txt"
    path.write_bytes(content)
    [fault] = checked.refused("verify", "--checkpoint", path)
    assert fault.startswith("文件“检查点.txt”：")


def test_a_wrong_checkpoint_is_a_finding(checked: Guatu) -> None:
    ran = checked("verify", "--checkpoint", f"1:{'0' * 64}")
    assert ran.code == 2
    assert "日志第1条" in ran.err


@pytest.mark.parametrize("name", ["没有/检查点.txt", "."])
def test_a_checkpoint_that_cannot_be_saved_leaves_no_trace(checked: Guatu, name: str) -> None:
    before = row_counts()
    ran = checked("verify", "--save-checkpoint", Path(f"{checked.folder}/{name}"))
    assert ran.code == 2
    assert ran.err.startswith("写不了文件")
    assert row_counts() == before
    assert not Checkpoint.objects.exists()


def test_no_checkpoint_is_saved_of_what_is_not_whole(checked: Guatu) -> None:
    sql("UPDATE reporting_round SET closed_by = 'me'")
    target = checked.folder / "检查点.txt"
    assert checked("verify", "--save-checkpoint", target).code == 2
    assert not target.exists()
