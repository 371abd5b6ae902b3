from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Today
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.engines.gongwen.reading import read_docx
from guatu.journal import services as journal
from guatu.ledger.campaigns import services
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.campaigns.types import Cadence, CampaignState, SaveCampaign
from guatu.ledger.models import ListEntry, ProjectList
from guatu.organisation.access import current_assignments
from guatu.publishing.services import results as papers
from guatu.publishing.types import PaperState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from guatu.wall.campaigns.presenters import whole_figures
from guatu.wall.campaigns.queries import progress_of
from guatu.wall.tests.city import WAN, YEAR, City
from guatu.wall.viewer import Viewer
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def started(city: City, listing: ProjectList | None = None) -> Campaign:
    command = SaveCampaign(
        "百日攻坚",
        (listing or city.listing).pk,
        date(YEAR, 9, 1),
        date(YEAR, 12, 10),
        "攻坚方案",
        "江办〔2026〕9号",
        None,
        None,
        Cadence.HALF_MONTH,
    )
    return services.save_campaign(city.people.act_as("office"), command)


def sub_list(city: City, *places: int) -> ProjectList:
    with journal.act(city.people.console, "test.made") as act:
        made = ProjectList(
            owner_organisation_id=city.listing.owner_organisation_id,
            year=YEAR,
            name="攻坚项目",
            parent=city.listing,
        )
        act.write(made)
        for n in places:
            project = city.projects[n]
            entry = ListEntry(
                list=made, project=project, serial_no=n + 1, joined_on=date(YEAR, 9, 1)
            )
            act.write(entry)
    return made


def viewer(people: Cast, name: str) -> Viewer:
    user = getattr(people, name)
    return Viewer(user, current_assignments(user.pk, clock.today()))


def test_figures_are_those_of_the_lists_rounds(city: City) -> None:
    campaign = started(city, sub_list(city, 0, 1))
    progress = progress_of(viewer(city.people, "office"), campaign)
    assert progress is not None
    # August: 700 and 760 万元; September: 300 for the one that fell behind, 760 for the other.
    assert progress.figures["annual_plan_yuan"] == 2_000 * WAN
    assert progress.figures["completed_yuan"] == (300 + 760) * WAN
    assert progress.before is not None
    assert progress.before.round.period.key == "2026-08"
    assert progress.since_yuan == sum(
        (one.completed_yuan or 0) - (one.before_yuan or 0) for one in progress.lines
    )
    assert {one.project_id for one in progress.lines} == {one.pk for one in city.projects[:2]}


def test_who_sees_a_part_counts_that_part_alone(city: City) -> None:
    campaign = started(city)
    progress = progress_of(viewer(city.people, "leader"), campaign)
    assert progress is not None
    assert {one.project_id for one in progress.lines} <= {one.pk for one in city.mine}
    office = viewer(city.people, "office")
    figures = whole_figures(office, campaign)
    words = papers.Wording("全市数字", papers.issuers(campaign)[0], "")
    papers.save_result(city.people.act_as("office"), campaign, figures, words, version=0)
    page = city.browser("leader").get(reverse("campaign", args=[campaign.pk]))
    assert "全市数字" not in page.content.decode()


def test_it_ends_by_itself_and_says_what_came_out(city: City, today: Today) -> None:
    campaign = started(city)
    office = city.browser("office")
    page = reverse("campaign", args=[campaign.pk])
    text = office.get(page).content.decode()
    assert "距结束" in text
    assert "40<span" in text
    today(date(YEAR, 12, 10))
    assert campaign.state_on(date(YEAR, 12, 10)) is CampaignState.RUNNING
    today(date(YEAR, 12, 11))
    text = city.browser("office").get(page).content.decode()
    assert "已结束" in text
    assert "行动以来完成投资" in text
    assert "仍滞后的有" in text
    with pytest.raises(BadInput):
        services.end_campaign(
            city.people.act_as("office"), campaign, 1, on=date(YEAR, 12, 11), reason="会议"
        )


def test_its_result_paper_is_drafted_issued_and_withdrawn(city: City) -> None:
    campaign, office = started(city, sub_list(city, 0, 1)), city.people.act_as("office")
    browser = city.browser("office")
    figures = whole_figures(viewer(city.people, "office"), campaign)
    issuer = papers.issuers(campaign)[0]

    def wording(text: str, who: str = issuer) -> papers.Wording:
        return papers.Wording(text, who, "")

    viewing = city.people.act_as("viewer")
    with pytest.raises(NotAllowed):
        papers.save_result(viewing, campaign, figures, wording("总结"), version=0)
    for text, who in (("长" * 4_001, issuer), ("总结", "别的机关")):
        with pytest.raises(BadInput):
            papers.save_result(office, campaign, figures, wording(text, who), version=0)
    paper = papers.save_result(office, campaign, figures, wording("一、成效\n核对过。"), version=0)
    with pytest.raises(Conflict):
        papers.save_result(office, campaign, figures, wording("总结"), version=0)
    with pytest.raises(BadInput, match="还没有结束"):
        papers.issue_result(office, campaign, figures, "江办〔2026〕30号", version=paper.version)
    services.end_campaign(office, campaign, 1, on=date(YEAR, 10, 30), reason="会议")
    page = reverse("campaign", args=[campaign.pk])

    def post(name: str, **typed: object) -> int:
        address = reverse(f"campaign-result{name}", args=[campaign.pk])
        return browser.post(address, {TOKEN_FIELD: new_token(), **typed}).status_code

    assert post("-issue", version=paper.version, number="长" * 61) == 422
    assert post("-issue", version=paper.version, number="江办〔2026〕30号") == 302
    paper.refresh_from_db()
    assert paper.state == PaperState.ISSUED
    assert paper.round.period.key == "2026-09"
    text = browser.get(page).content.decode()
    for word in ("江办〔2026〕30号", "核对过。", "已印发"):
        assert word in text
    assert post("", version=paper.version, text="改", issuer=issuer) == 409
    file = read_docx(browser.get(reverse("campaign-result-docx", args=[campaign.pk])).content)
    told = "".join(file.paragraphs)
    assert "关于百日攻坚情况的总结" in told
    names = {row[1] for table in file.tables for row in table.rows}
    assert {one.name for one in city.projects[:2]} <= names
    assert "江办〔2026〕30号" not in browser.get(reverse("papers")).content.decode()
    assert post("-withdraw", version=paper.version, reason="") == 422
    assert post("-withdraw", version=paper.version, reason="数有误") == 302
    assert "数有误" in browser.get(page).content.decode()


def test_before_any_locked_round_there_is_nothing_to_write(city: City) -> None:
    with journal.act(city.people.console, "test.made") as act:
        empty = ProjectList(
            owner_organisation_id=city.listing.owner_organisation_id, year=YEAR, name="新清单"
        )
        act.write(empty)
    campaign, browser = started(city, empty), city.browser("office")
    page = browser.get(reverse("campaign", args=[campaign.pk])).content.decode()
    assert "锁定一期后按数字起草" in page
    address = reverse("campaign-result", args=[campaign.pk])
    answer = browser.post(address, {TOKEN_FIELD: new_token(), "text": "总结"})
    assert answer.status_code == 422


def test_lights_have_their_shapes(city: City) -> None:
    text = city.browser("office").get(reverse("campaign", args=[started(city).pk]))
    assert 'class="light light-serious"' in text.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "长" * 10_000},
        {"until_on": "2026-08-01"},
        {"until_on": "2036-08-01"},
        {"from_on": "=1+1"},
        {"plan_paper": " "},
        {"list": "999999"},
        {"list": "x"},
        {"cadence": "daily"},
        {"body": "999"},
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(city: City, wrong: dict[str, str]) -> None:
    good = {
        "name": "<script>alert(1)</script>",
        "list": str(city.listing.pk),
        "from_on": "2026-09-01",
        "until_on": "2026-12-10",
        "plan_paper": "方案",
        "cadence": "week",
    }
    office = city.browser("office")

    def post(typed: dict[str, str]) -> int:
        return office.post(reverse("campaign-new"), {TOKEN_FIELD: new_token(), **typed}).status_code

    assert post({**good, **wrong}) == 422
    assert not Campaign.objects.exists()
    assert post(good) == 302
    page = office.get(reverse("campaign", args=[Campaign.objects.get().pk]))
    assert "<script>alert" not in page.content.decode()


def test_pages_ask_a_constant_number_of_questions(
    city: City, django_assert_max_num_queries: object
) -> None:
    campaign = started(city)
    office: Client = city.browser("office")
    for name, ids in (("campaigns", []), ("campaign", [campaign.pk])):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert office.get(reverse(name, args=ids)).status_code == 200
    for name in ("campaign-export", "campaign-edit"):
        assert office.get(reverse(name, args=[campaign.pk])).status_code == 200
    assert office.get(reverse("campaigns-export")).status_code == 200
    assert city.browser("outsider").get(reverse("campaign", args=[1])).status_code == 404


def test_projects_picked_in_the_library_become_a_campaign_with_its_sub_list(city: City) -> None:
    office = city.browser("office")
    entries = list(ListEntry.objects.filter(project__in=city.projects[:3]))
    library = office.get(reverse("library"), {"list": city.listing.pk}).content.decode()
    assert reverse("campaign-pick") in library
    picked = {"list": city.listing.pk, "ids": ",".join(str(one.pk) for one in entries)}
    page = office.post(reverse("campaign-pick"), {**picked}).content.decode()
    assert "中的3个项目" in page
    good = {
        **picked,
        "name": "冲刺行动",
        "from_on": "2026-10-01",
        "until_on": "2026-12-10",
        "plan_paper": "方案",
        "cadence": "week",
    }

    def post(**typed: str) -> int:
        told = {TOKEN_FIELD: new_token(), **good, **typed}
        return office.post(reverse("campaign-picked"), told).status_code

    assert post(plan_paper=" ") == 422
    assert post(until_on="2026-01-01") == 422
    assert not ProjectList.objects.filter(name="冲刺行动").exists()
    assert post() == 302
    campaign = Campaign.objects.get()
    assert campaign.list.parent == city.listing
    assert campaign.list.entries.count() == 3
    assert post(from_on="2026-10-02") == 422
