"""Nothing typed is lost: a form whose session or token has ended is offered again after login."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from guatu.core.errors import Fault
from guatu.ui.tokens import TOKEN_FIELD, user_of_token

KEPT = "typed"
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "robot_key"})
"""Fields of forms that no session holds: the keys of group robots among them."""
_LIMIT = 600_000
"""Signs of one form: a full page of entering for a unit, each of its texts as long as may be."""


def keep_typed(request: HttpRequest) -> HttpResponse:
    """Put what was typed aside and lead to the login, which comes back to `resume`."""
    goes_to = reverse("resume" if _keep(request) else "desk")
    target = f"{reverse('account_login')}?{urlencode({'next': goes_to})}"
    if getattr(request, "htmx", None) or request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _keep(request: HttpRequest) -> bool:
    """Whether it was kept: only a form that this site showed to a user, for that user.

    The forms of login, password and set-up have no token; no password is ever kept.
    """
    fields = {n: request.POST.getlist(n) for n in request.POST if n not in NEVER_KEPT}
    if not _user_of(fields) or sum(len(v) for values in fields.values() for v in values) > _LIMIT:
        return False
    request.session[KEPT] = {
        "path": request.get_full_path(),
        "fields": fields,
        "had_files": bool(request.FILES),
    }
    return True


def _user_of(fields: dict[str, list[str]]) -> int:
    return user_of_token(next(iter(fields.get(TOKEN_FIELD, [])), ""))


@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """Show what was typed before the login, with a button that sends it now.

    Another user who logs in at the same browser does not get it, and it is gone.
    """
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("desk")
    if _user_of(kept["fields"]) != request.user.pk:
        del request.session[KEPT]
        return redirect("desk")
    return render(request, "organisation/resume.html", {"kept": kept})


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's token is older than the login (two tabs): offer the same form again.

    Only a post that this site's own page made is kept: another site's must not come back as ours.
    """
    same_site = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.method == "POST" and same_site:
        if not request.user.is_authenticated:
            return keep_typed(request)
        if _keep(request):
            return HttpResponseRedirect(reverse("resume"))
    faults = [Fault("csrf", "这次提交没有通过来源检查", "请从本系统的页面重新提交")]
    context = {"heading": "没有办成", "faults": faults}
    return render(request, "ui/refused.html", context, status=403)
