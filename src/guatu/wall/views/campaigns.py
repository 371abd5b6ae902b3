"""Campaigns: list, one with its countdown, starting and ending, the result paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotAllowed, NotFound
from guatu.engines.gongwen.render import render as rendered
from guatu.files.services import read_blob
from guatu.journal.once import once
from guatu.ledger.bodies.forms import EndForm
from guatu.ledger.bodies.models import Body
from guatu.ledger.campaigns import services
from guatu.ledger.campaigns.forms import CampaignForm, PickedCampaignForm
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.models import ListEntry, ProjectList
from guatu.organisation import listed
from guatu.organisation.access import require
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.publishing.results.types import ResultFigures
from guatu.publishing.services import results as papers
from guatu.publishing.services.papers import withdraw
from guatu.ui.export import DOCX, download, workbook
from guatu.ui.forms import Options, posted, version_of
from guatu.wall.campaigns import presenters, queries
from guatu.wall.library.bulk import picked_in_library
from guatu.wall.viewer import Viewer


@require_safe
@needs(Right.ASSESS)
def campaigns(request: HttpRequest) -> HttpResponse:
    context = presenters.roster(Viewer.of(request), request.GET).page()
    return render(request, "wall/campaigns_page.html", context)


@require_safe
@needs(Right.ASSESS)
def export(request: HttpRequest) -> HttpResponse:
    return lists.export(presenters.roster(Viewer.of(request), request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def new(request: HttpRequest) -> HttpResponse:
    form = CampaignForm(posted(request), options=_options(Viewer.of(request), None))
    if form.do(lambda _: services.save_campaign(actor_of(request), form.command())):
        messages.success(request, "专项行动已登记")
        return redirect("campaign", form.outcome.pk)
    context = {"form": form, "title": "登记专项行动"}
    return render(request, "wall/campaign_form.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT_PROJECTS)
def pick(request: HttpRequest) -> HttpResponse:
    """Ask what the campaign is over projects picked in the library; nothing is done yet."""
    asked = request.POST if request.method == "POST" else request.GET
    viewer = Viewer.of(request)
    listing, entries = picked_in_library(viewer, asked)
    form = PickedCampaignForm(options=_options(viewer, None))
    return _picked(request, listing, entries, form)


@require_POST
@needs(Right.EDIT_PROJECTS)
@once
def new_picked(request: HttpRequest) -> HttpResponse:
    viewer = Viewer.of(request)
    listing, entries = picked_in_library(viewer, request.POST)
    form = PickedCampaignForm(request.POST, options=_options(viewer, None))
    projects = [one.project for one in entries]
    if form.do(
        lambda _: services.start_with_projects(actor_of(request), form.command(), listing, projects)
    ):
        messages.success(request, f"专项行动已登记，并建子清单，含{len(projects)}个项目")
        return redirect("campaign", form.outcome.pk)
    return _picked(request, listing, entries, form)


def _picked(
    request: HttpRequest, listing: ProjectList, entries: list[ListEntry], form: PickedCampaignForm
) -> HttpResponse:
    context = {
        "form": form,
        "title": "登记专项行动",
        "listing": listing,
        "names": [one.project.name for one in entries],
        "ids": ",".join(str(one.pk) for one in entries),
    }
    return render(request, "wall/campaign_form.html", context, status=form.status)


@require_safe
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    return _page(request, viewer, queries.get_campaign(viewer, campaign_id))


@require_safe
def export_rows(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = queries.get_campaign(viewer, campaign_id)
    progress = queries.progress_of(viewer, found)
    notes = [progress.standing.basis] if progress else ["还没有锁定的月报"]
    rows = progress.lines if progress else []
    title = f"{found.name}项目"
    return download(workbook(title, presenters.COLUMNS, rows, notes=notes), f"{title}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = queries.get_campaign(viewer, campaign_id)
    require(actor_of(request), Right.EDIT_PROJECTS)
    names = ("name", "from_on", "until_on", "plan_paper", "plan_number", "cadence", "version")
    initial = {
        **{name: getattr(found, name) for name in names},
        "list": found.list_id,
        "body": found.body_id or "",
        "unit": found.organisation_id or "",
    }
    form = CampaignForm(posted(request), initial=initial, options=_options(viewer, found))
    if form.do(
        lambda told: services.save_campaign(
            actor_of(request), form.command(), found, version_of(told["version"])
        )
    ):
        messages.success(request, "已保存")
        return redirect("campaign", campaign_id)
    shown = queries.get_campaign(viewer, campaign_id)
    context = {"form": form, "title": f"修改{shown.name}", "campaign": shown}
    return render(request, "wall/campaign_form.html", context, status=form.status)


@require_POST
@once
def end(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer, form = Viewer.of(request), EndForm(request.POST)
    found = queries.get_campaign(viewer, campaign_id)
    require(actor_of(request), Right.EDIT_PROJECTS)
    if form.do(
        lambda told: services.end_campaign(
            actor_of(request),
            found,
            version_of(told["version"]),
            on=told["on"],
            reason=told["reason"],
        )
    ):
        messages.success(request, f"“{found}”已结束，请核对总结")
        return redirect("campaign", campaign_id)
    return _page(request, viewer, queries.get_campaign(viewer, campaign_id), end=form)


@require_POST
@once
def result(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = queries.get_campaign(viewer, campaign_id)
    told = {name: request.POST.get(name, "") for name in ("text", "issuer", "addressee")}

    def save(figures: ResultFigures, version: int) -> None:
        papers.save_result(
            actor_of(request), found, figures, papers.Wording(**told), version=version
        )

    said = "总结已保存" if told["text"].strip() else "总结重新按数字起草"
    typed = {name: text[:20_000] for name, text in told.items()}
    return _of_paper(request, viewer, found, save, said, {**typed, "result": typed["text"]})


@require_POST
@once
def issue_result(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = queries.get_campaign(viewer, campaign_id)
    number = request.POST.get("number", "")[:200]

    def issue(figures: ResultFigures, version: int) -> None:
        papers.issue_result(actor_of(request), found, figures, number, version=version)

    return _of_paper(request, viewer, found, issue, "总结已印发，内容已固定", {"number": number})


@require_POST
@once
def withdraw_result(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = queries.get_campaign(viewer, campaign_id)
    reason = request.POST.get("reason", "")[:1_000]

    def take_back(_: ResultFigures, version: int) -> None:
        paper, _past = papers.papers_of(found)
        if paper is None:
            raise NotFound(Fault("not-issued", "总结还没有印发", "请刷新页面"))
        withdraw(actor_of(request), paper, reason, version=version)

    return _of_paper(
        request, viewer, found, take_back, "总结已撤回，可以重新起草", {"reason": reason}
    )


@require_safe
def result_docx(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = queries.get_campaign(viewer, campaign_id)
    if not viewer.sees_everything:
        raise NotAllowed(Fault("not-allowed", "您没有这项权限", "总结由看得到全部项目的人看"))
    paper, _ = papers.papers_of(found)
    if paper is not None and paper.document is not None:
        return download(read_blob(paper.document.sm3), f"{found.name}总结.docx", DOCX)
    require(actor_of(request), Right.ISSUE_PAPERS)
    figures = presenters.whole_figures(viewer, found)
    signers = papers.issuers(found)
    document = papers.document_now(papers.wording_of(paper, figures, signers), figures)
    return download(rendered(document), f"{found.name}总结（草稿）.docx", DOCX)


def _of_paper(
    request: HttpRequest,
    viewer: Viewer,
    found: Campaign,
    service: Callable[[ResultFigures, int], None],
    said: str,
    typed: dict[str, Any],
) -> HttpResponse:
    """Do something with the result paper, or show its page with what was refused and typed."""
    require(actor_of(request), Right.ISSUE_PAPERS)
    figures = presenters.whole_figures(viewer, found)
    try:
        service(figures, version_of(request.POST.get("version", "")))
    except BadInput as error:
        return _page(request, viewer, found, faults=error.faults, **typed)
    messages.success(request, said)
    return redirect("campaign", found.pk)


def _page(request: HttpRequest, viewer: Viewer, found: Campaign, **more: Any) -> HttpResponse:
    initial = {"on": clock.today(), "version": found.version}
    context = {
        **presenters.page(viewer, found, request.GET),
        "end_form": more.pop("end", None) or EndForm(initial=initial),
        **more,
    }
    status = 422 if more or context["end_form"].is_bound else 200
    return render(request, "wall/campaign_page.html", context, status=status)


def _options(viewer: Viewer, campaign: Campaign | None) -> Options:
    bodies = Body.objects.filter(ended_on__isnull=True).order_by("name")
    held = {one.pk: one.name for one in bodies}
    if campaign is not None and campaign.body is not None:
        held[campaign.body.pk] = campaign.body.name
    return {
        "list": [("", "请选清单"), *((one.pk, str(one)) for one in viewer.lists)],
        "body": [("", "没有"), *held.items()],
        "unit": [("", "没有写明"), *listed.unit_choices()],
    }
