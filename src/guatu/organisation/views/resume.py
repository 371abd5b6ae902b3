"""Nothing typed is lost: a form whose session or token has ended is offered again after login."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from guatu.core.errors import Fault

KEPT = "typed"
_LIMIT = 1_000_000
_NOT_KEPT = {"csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2", "login"}


def keep_typed(request: HttpRequest) -> HttpResponse:
    """Put what was typed aside and lead to the login, which comes back to `resume`."""
    _stash(request)
    target = f"{reverse('account_login')}?{urlencode({'next': reverse('resume')})}"
    if getattr(request, "htmx", None) or request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _stash(request: HttpRequest) -> None:
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_KEPT}
    if sum(len(v) for values in fields.values() for v in values) <= _LIMIT:
        request.session[KEPT] = {
            "path": request.get_full_path(),
            "fields": fields,
            "had_files": bool(request.FILES),
        }


@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """Show what was typed before the login, with a button that sends it now."""
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("desk")
    return render(request, "organisation/resume.html", {"kept": kept})


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's token is older than the login (two tabs): offer the same form again.

    Only a post that this site's own page made is kept: another site's must not come back as ours.
    """
    same_site = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.method == "POST" and same_site:
        _stash(request)
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("resume"))
        return keep_typed(request)
    faults = [Fault("csrf", "这次提交没有通过来源检查", "请从本系统的页面重新提交")]
    context = {"heading": "没有办成", "faults": faults}
    return render(request, "ui/refused.html", context, status=403)
