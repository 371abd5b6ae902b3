"""Who gets what at every address: one row per route (house.md 2, trust A-13, C-1).

`own` and `other` name the actors that get an answer for an object of that world; everybody else
gets `refused` (404 where the object does not exist for him, 403 where the page does). Anonymous
visitors are led to the login everywhere but on `is_open` pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.site.worlds import ACTORS

EVERYBODY = frozenset(ACTORS)
NOBODY: frozenset[str] = frozenset()
OFFICE = frozenset({"office", "second_office"})
WHOLE = OFFICE | {"viewer"}
BUSINESS = EVERYBODY - {"system", "security", "audit"}
ADMINISTRATORS = frozenset({"system", "security", "audit"})
SYSTEM, SECURITY = frozenset({"system"}), frozenset({"security"})
AUDIT = frozenset({"audit"})
UNITS = OFFICE | SYSTEM
ACCOUNTS = SYSTEM | SECURITY
SEE_OWN = WHOLE | {"leader", "reporter", "reviewer", "department"}
SEE_OTHER = WHOLE | {"outsider"}


@dataclass(frozen=True, slots=True)
class Route:
    """What a route answers. `posts` is what an allowed actor posts (None: a page to read).

    `ids` names the object that a parameter stands for where it is another than its own name
    says: `{"round_id": "closed_round_id"}`. `sees_own` and `sees_other` name those for whom the
    object is there and the act is not theirs: they get 403.
    """

    own: frozenset[str]
    other: frozenset[str] | None = None
    refused: int = 404
    status: int = 200
    posts: dict[str, str] | None = None
    is_open: bool = False
    open_status: int = 200
    ids: dict[str, str] = field(default_factory=dict)
    sees_own: frozenset[str] = NOBODY
    sees_other: frozenset[str] = NOBODY

    def sees(self, world: str) -> frozenset[str]:
        """Who is told that he may not, instead of that there is nothing."""
        return self.sees_own if world == "own" else self.sees_other

    def allowed(self, world: str) -> frozenset[str]:
        """Who gets an answer for that world's object."""
        return self.own if world == "own" or self.other is None else self.other


REPORTERS = frozenset({"reporter", "outsider"})
NOT_REPORTERS = EVERYBODY - REPORTERS
REVIEWERS = OFFICE | {"reviewer"}
ROUNDS_OWN = WHOLE | {"leader", "reviewer"}
ROUNDS_OTHER = WHOLE
ASKED_OWN = ROUNDS_OWN | {"reporter"}
ASKED_OTHER = ROUNDS_OTHER | {"outsider"}
LOCKED = {"round_id": "closed_round_id"}


def of_round(
    *,
    own: frozenset[str] = OFFICE,
    status: int = 200,
    posts: dict[str, str] | None = None,
    ids: dict[str, str] | None = None,
) -> Route:
    """A page or act of a round that the office has; others who see the round get 403."""
    return Route(
        own,
        own,
        status=status,
        posts=posts,
        ids=ids or {},
        sees_own=ROUNDS_OWN,
        sees_other=ROUNDS_OTHER,
    )


def of_ledger(*, status: int = 200, posts: dict[str, str] | None = None) -> Route:
    """A page or act of the ledger that the office has; others who see the object get 403."""
    return Route(OFFICE, OFFICE, status=status, posts=posts, sees_own=SEE_OWN, sees_other=SEE_OTHER)


def of_paper(*, status: int = 200, posts: dict[str, str] | None = None) -> Route:
    """A page or act of a locked round's papers; who sees every project may read, not act."""
    return Route(
        OFFICE,
        status=status,
        posts=posts,
        ids=LOCKED,
        sees_own=frozenset({"viewer"}),
        sees_other=frozenset({"viewer"}),
    )


APPLYING = frozenset({"reporter", "outsider"})
SPEAKING = OFFICE | APPLYING | {"reviewer", "department"}


def of_call(*, status: int = 200, posts: dict[str, str] | None = None) -> Route:
    """A page or act of the office with a call; units that may apply know the call."""
    return Route(OFFICE, OFFICE, status=status, posts=posts, sees_own=APPLYING, sees_other=APPLYING)


BURDENED = OFFICE | REPORTERS


def of_burden() -> Route:
    """What a unit is asked for: the office and the unit itself; other roles have no such page."""
    own, other = OFFICE | {"reporter"}, OFFICE | {"outsider"}
    return Route(own, other, sees_own=EVERYBODY - BURDENED, sees_other=EVERYBODY - BURDENED)


CORRECTING = OFFICE | REPORTERS | {"reviewer"}


def of_correction(
    office: frozenset[str], *, status: int = 200, posts: dict[str, str] | None = None
) -> Route:
    """A request for a correction: the office's to answer, its unit's to take back."""
    strangers = EVERYBODY - CORRECTING | OFFICE - office
    return Route(
        office | {"reporter", "reviewer"},
        office | {"outsider"},
        status=status,
        posts=posts,
        sees_own=strangers,
        sees_other=strangers,
    )


APPRAISED_OWN = WHOLE | {"reporter", "reviewer"}
APPRAISED_OTHER = WHOLE | {"outsider"}


def of_criterion() -> Route:
    """An act on a criterion: the office's and its unit's; others who see it get 403."""
    return Route(
        OFFICE | {"reporter"},
        OFFICE | {"outsider"},
        status=422,
        posts={},
        sees_own=frozenset({"viewer", "reviewer"}),
        sees_other=frozenset({"viewer"}),
    )


MATRIX: dict[str, Route] = {
    "desk": Route(EVERYBODY),
    "library": Route(EVERYBODY),
    "library-export": Route(BUSINESS - {"inspector"}),
    "project": Route(SEE_OWN, SEE_OTHER),
    "project-card": Route(SEE_OWN, SEE_OTHER),
    "project-figures": Route(SEE_OWN, SEE_OTHER),
    "project-figures-export": Route(SEE_OWN, SEE_OTHER),
    "project-timeline": Route(SEE_OWN, SEE_OTHER),
    "project-records": Route(SEE_OWN, SEE_OTHER),
    "project-record": Route(
        OFFICE | {"reviewer"}, OFFICE, status=422, posts={}, sees_own=SEE_OWN, sees_other=SEE_OTHER
    ),
    "records": Route(OFFICE | {"reviewer"}, refused=403),
    "records-export": Route(OFFICE | {"reviewer"}, refused=403, status=404),
    "records-save": Route(OFFICE | {"reviewer"}, refused=403, status=422, posts={}),
    "organisation-records": Route(WHOLE, ids={"subject_id": "organisation_id"}),
    "region-records": Route(WHOLE, ids={"subject_id": "region_id"}),
    "record-withdraw": Route(
        OFFICE | {"reviewer"}, OFFICE, status=422, posts={}, sees_own=SEE_OWN, sees_other=SEE_OTHER
    ),
    "results-newest": Route(SEE_OWN | SEE_OTHER, refused=200, status=302),
    "results": Route(SEE_OWN, SEE_OTHER, ids=LOCKED),
    "results-export": Route(SEE_OWN, SEE_OTHER, ids=LOCKED),
    "results-rows": Route(SEE_OWN, SEE_OTHER, ids=LOCKED),
    "results-rows-export": Route(SEE_OWN, SEE_OTHER, ids=LOCKED),
    "why": Route(SEE_OWN, SEE_OTHER, ids=LOCKED),
    "round": Route(ROUNDS_OWN, ROUNDS_OTHER),
    "round-preview": Route(ROUNDS_OWN, ROUNDS_OTHER),
    "round-rows": Route(ROUNDS_OWN, ROUNDS_OTHER),
    "round-rows-export": Route(ROUNDS_OWN, ROUNDS_OTHER),
    "round-return": of_round(status=409, posts={"digest": "0" * 64}),
    "round-withdraw": of_round(status=409, posts={"digest": "0" * 64}),
    "round-correct-return": of_round(status=409, posts={"digest": "0" * 64}, ids=LOCKED),
    "round-correct-withdraw": of_round(status=409, posts={"digest": "0" * 64}, ids=LOCKED),
    "round-compare": Route(ROUNDS_OWN, ROUNDS_OTHER, ids=LOCKED),
    "round-forecast": Route(ROUNDS_OWN, ROUNDS_OTHER, ids=LOCKED),
    "round-forecast-export": Route(ROUNDS_OWN, ROUNDS_OTHER, ids=LOCKED),
    "round-forecast-make": of_round(status=302, posts={}, ids=LOCKED),
    "round-ask": of_round(status=409, posts={"digest": "0" * 64}),
    "round-close": of_round(status=409, posts={"digest": "0" * 64}),
    "round-correct": of_round(ids=LOCKED),
    "round-correct-confirm": of_round(status=409, posts={"digest": "0" * 64}, ids=LOCKED),
    "bodies": Route(ROUNDS_OWN, refused=403),
    "bodies-export": Route(ROUNDS_OWN, refused=403),
    "body-new": Route(OFFICE, refused=403),
    "body": Route(ROUNDS_OWN, refused=403),
    "body-edit": Route(OFFICE, refused=403),
    "body-end": Route(OFFICE, refused=403, status=422, posts={}),
    "body-member-add": Route(OFFICE, refused=403, status=422, posts={}),
    "body-member-end": Route(OFFICE, refused=403, status=422, posts={}),
    "campaigns": Route(ROUNDS_OWN, refused=403),
    "campaigns-export": Route(ROUNDS_OWN, refused=403),
    "campaign-new": Route(OFFICE, refused=403),
    "campaign": Route(ROUNDS_OWN, ROUNDS_OTHER),
    "campaign-export": Route(ROUNDS_OWN, ROUNDS_OTHER),
    "campaign-edit": of_round(),
    "campaign-end": of_round(status=422, posts={}),
    "campaign-result": of_round(status=422, posts={}),
    "campaign-result-docx": of_round(),
    "campaign-pick": Route(OFFICE, refused=403, status=404),
    "campaign-picked": Route(OFFICE, refused=403, status=404, posts={}),
    "campaign-result-issue": of_round(status=422, posts={}),
    "campaign-result-withdraw": of_round(status=404, posts={}),
    "project-new": Route(OFFICE, refused=403),
    "project-edit": of_ledger(),
    "alias-add": of_ledger(status=422, posts={}),
    "project-duties": Route(SEE_OWN, SEE_OTHER),
    "entry-leave": of_ledger(),
    "entry-rejoin": of_ledger(),
    "lists": Route(EVERYBODY),
    "lists-export": Route(EVERYBODY),
    "list-new": Route(OFFICE, refused=403),
    "list": Route(SEE_OWN, SEE_OTHER),
    "list-export": Route(SEE_OWN, SEE_OTHER),
    "list-edit": of_ledger(),
    "list-add": of_ledger(),
    "entry-plan": Route(SEE_OWN, SEE_OTHER),
    "entry-plan-state": of_ledger(status=422, posts={}),
    "entry-plan-cut": of_ledger(status=422, posts={}),
    "list-cuts": Route(SEE_OWN, SEE_OTHER),
    "list-cuts-export": Route(SEE_OWN, SEE_OTHER),
    "list-cuts-edit": of_ledger(),
    "list-curves": Route(SEE_OWN, SEE_OTHER),
    "list-pace": Route(SEE_OWN, SEE_OTHER),
    "list-pace-export": Route(SEE_OWN, SEE_OTHER),
    "list-halves": Route(SEE_OWN, SEE_OTHER),
    "list-halves-export": Route(SEE_OWN, SEE_OTHER),
    "list-targets": Route(SEE_OWN, SEE_OTHER),
    "list-targets-export": Route(SEE_OWN, SEE_OTHER),
    "list-targets-set": of_ledger(),
    "list-open-year": Route(OFFICE, refused=403),
    "applications": Route(APPLYING, refused=403),
    "applications-export": Route(APPLYING, refused=403),
    "application-new": Route(APPLYING, refused=403),
    "application": Route(OFFICE | {"reporter", "department"}, OFFICE | {"outsider"}),
    "application-withdraw": Route(
        frozenset({"reporter"}),
        frozenset({"outsider"}),
        status=422,
        posts={},
        sees_own=OFFICE | {"department"},
        sees_other=OFFICE,
    ),
    "application-identity": Route(
        OFFICE,
        OFFICE,
        status=422,
        posts={},
        sees_own=frozenset({"reporter", "department"}),
        sees_other=frozenset({"outsider"}),
    ),
    "application-workbook": Route(OFFICE | APPLYING, refused=404),
    "application-workbook-blank": Route(OFFICE | APPLYING, refused=404),
    "application-workbook-preview": Route(OFFICE | APPLYING, refused=404, status=404),
    "application-workbook-confirm": Route(OFFICE | APPLYING, refused=404, status=404, posts={}),
    "opinions": Route(SPEAKING, refused=403),
    "opinions-export": Route(SPEAKING, refused=403),
    "opinion": Route(
        frozenset({"department"}),
        NOBODY,
        sees_own=OFFICE | {"reporter"},
        sees_other=OFFICE | {"outsider"},
    ),
    "list-calls": Route(OFFICE, refused=403),
    "list-calls-export": Route(OFFICE, refused=403),
    "list-call-new": Route(OFFICE, refused=403),
    "list-call": of_call(),
    "list-call-export": of_call(),
    "list-call-edit": of_call(),
    "list-call-switch": of_call(status=409, posts={}),
    "list-call-decide": of_call(status=422, posts={}),
    "list-call-ask": of_call(status=422, posts={}),
    "list-call-return": of_call(status=422, posts={}),
    "list-call-totals": of_call(),
    "list-call-totals-export": of_call(),
    "list-call-versions": of_call(),
    "list-call-issue": of_call(),
    "list-version": Route(OFFICE, refused=403),
    "list-version-docx": Route(OFFICE, refused=403),
    "list-adjust": of_ledger(),
    "list-adjustments": of_ledger(),
    "list-adjustments-export": of_ledger(),
    "list-import": Route(OFFICE, refused=403),
    "list-import-preview": Route(OFFICE, refused=403, status=404),
    "list-import-confirm": Route(OFFICE, refused=403, status=404, posts={}),
    "responsibilities": Route(EVERYBODY),
    "responsibilities-export": Route(BUSINESS - {"inspector"}),
    "terms": Route(EVERYBODY),
    "terms-export": Route(EVERYBODY),
    "term": Route(OFFICE, refused=403),
    "term-add": Route(OFFICE, refused=403, status=422, posts={}),
    "term-rename": Route(OFFICE, refused=403, status=422, posts={}),
    "term-merge": Route(OFFICE, refused=403, status=422, posts={}),
    "term-remove": Route(OFFICE, refused=403, status=422, posts={}),
    "term-move": Route(OFFICE, refused=403, status=302, posts={}),
    "views": Route(EVERYBODY),
    "view-save": Route(NOBODY, posts={}),
    "view-rename": Route(frozenset({"office"}), frozenset({"outsider"}), status=422, posts={}),
    "view-remove": Route(frozenset({"office"}), frozenset({"outsider"}), status=302, posts={}),
    "bulk-change": Route(OFFICE, refused=403, status=404),
    "bulk-confirm": Route(OFFICE, refused=403, status=404, posts={}),
    "bulk-apply": Route(OFFICE, refused=403, status=422, posts={}),
    "assign-many": Route(OFFICE, refused=403),
    "assign-many-apply": Route(OFFICE, refused=403, status=422, posts={}),
    "assignments-docx": Route(BUSINESS - {"inspector"}),
    "bulk-undo": Route(OFFICE, refused=403, status=404, posts={}, ids={"bulk_id": "entry_id"}),
    "months": Route(BUSINESS),
    "months-export": Route(BUSINESS),
    "months-open": Route(
        OFFICE,
        status=422,
        posts={},
        sees_own=BUSINESS - OFFICE,
        sees_other=BUSINESS - OFFICE,
    ),
    "intake": of_round(),
    "intake-files": of_round(),
    "intake-deliver": of_round(status=422, posts={}),
    "intake-take-in": of_round(status=302, posts={}),
    "intake-sender": of_round(),
    "intake-original": of_round(),
    "figure-questions": Route(ASKED_OWN, ASKED_OTHER),
    "figure-questions-export": Route(ASKED_OWN, ASKED_OTHER),
    "figure-questions-ask": of_round(status=302, posts={}),
    "figure-question": Route(ASKED_OWN, ASKED_OTHER),
    "intake-answered": of_round(),
    "intake-answered-export": of_round(),
    "intake-withdraw": of_round(status=409, posts={}),
    "intake-projects": of_round(),
    "intake-answer": of_round(status=422, posts={}),
    "intake-note": of_round(status=422, posts={}),
    "intake-missing-export": of_round(),
    "intake-workbooks": of_round(),
    "intake-unit-workbook": of_round(),
    "round-days": of_round(),
    "round-scope": of_round(),
    "round-scope-export": of_round(),
    "round-scope-add": of_round(status=422, posts={}),
    "round-opening": Route(
        OFFICE, status=422, sees_own=BUSINESS - OFFICE, sees_other=BUSINESS - OFFICE
    ),
    "intake-reminders": of_round(),
    "intake-reminders-export": of_round(),
    "intake-remind": of_round(status=422, posts={}),
    "proxy": of_round(status=302),
    "proxy-entry": of_round(),
    "proxy-unit": of_round(),
    "proxied": of_round(),
    "proxied-export": of_round(),
    "quick-figures": of_round(),
    "my-reports": Route(REPORTERS, refused=403),
    "my-reports-export": Route(REPORTERS, refused=403),
    "report-unchanged": Route(REPORTERS, refused=403, status=422, posts={}),
    "report-form": Route(
        frozenset({"reporter"}),
        frozenset({"outsider"}),
        sees_own=NOT_REPORTERS,
        sees_other=NOT_REPORTERS,
    ),
    "report-workbook": Route(
        frozenset({"reporter"}),
        frozenset({"outsider"}),
        sees_own=NOT_REPORTERS,
        sees_other=NOT_REPORTERS,
    ),
    "report-papers": Route(
        frozenset({"reporter"}),
        frozenset({"outsider"}),
        status=422,
        posts={},
        sees_own=NOT_REPORTERS,
        sees_other=NOT_REPORTERS,
    ),
    "report-paper-remove": Route(
        frozenset({"reporter"}),
        frozenset({"outsider"}),
        status=302,
        posts={},
        sees_own=NOT_REPORTERS,
        sees_other=NOT_REPORTERS,
    ),
    "report-paper": Route(SEE_OWN, SEE_OTHER),
    "report-draft": Route(
        frozenset({"reporter"}),
        frozenset({"outsider"}),
        status=422,
        posts={},
        sees_own=NOT_REPORTERS,
        sees_other=NOT_REPORTERS,
    ),
    "correction-requests": Route(CORRECTING, refused=403),
    "correction-requests-export": Route(CORRECTING, refused=403),
    "correction-ask": Route(CORRECTING, refused=403),
    "correction-request": of_correction(OFFICE),
    "correction-request-answer": Route(OFFICE, refused=403, status=422, posts={}),
    "correction-request-withdraw": of_correction(NOBODY, status=409, posts={}),
    "statistics": Route(BUSINESS),
    "statistics-export": Route(BUSINESS),
    "statisticians": Route(OFFICE, refused=403),
    "statisticians-export": Route(OFFICE, refused=403),
    "statistician-new": Route(OFFICE, refused=403),
    "statistician-end": Route(OFFICE, refused=403),
    "statistics-paste": of_round(),
    "statistics-preview": of_round(status=422, posts={}),
    "statistics-record": of_round(status=422, posts={}),
    "project-statistics": Route(SEE_OWN, SEE_OTHER),
    "statistics-figure": of_ledger(status=422, posts={}),
    "statistics-registration": of_ledger(status=422, posts={}),
    "statistics-material": of_ledger(status=422, posts={}),
    "bases": Route(BUSINESS),
    "bases-export": Route(BUSINESS),
    "basis": Route(BUSINESS),
    "burden": Route(BURDENED, refused=403),
    "burden-export": Route(BURDENED, refused=403),
    "burden-unit": of_burden(),
    "burden-unit-export": of_burden(),
    "asked-forms": Route(BURDENED, refused=403),
    "asked-forms-export": Route(BURDENED, refused=403),
    "asked-form-new": Route(OFFICE, refused=403),
    "asked-form": of_burden(),
    "asked-form-end": Route(OFFICE, refused=403, status=422, posts={}),
    "complaints": Route(BURDENED, refused=403),
    "complaints-export": Route(BURDENED, refused=403),
    "complaint-new": Route(REPORTERS, refused=403),
    "complaint": of_burden(),
    "complaint-answer": Route(OFFICE, refused=403, status=422, posts={}),
    "quantities": Route(EVERYBODY),
    "quantities-export": Route(EVERYBODY),
    "indicator-new": Route(OFFICE, refused=403),
    "project-quantities": Route(SEE_OWN, SEE_OTHER),
    "quantity": of_ledger(),
    "quantity-end": of_ledger(status=409, posts={}),
    "milestones": Route(EVERYBODY),
    "milestones-export": Route(EVERYBODY),
    "project-milestones": Route(SEE_OWN, SEE_OTHER),
    "milestone": of_ledger(),
    "milestone-drop": of_ledger(status=422, posts={}),
    "reviews": Route(REVIEWERS, refused=403),
    "reviews-decide": Route(REVIEWERS, refused=403, status=422, posts={}),
    "reviews-export": Route(REVIEWERS, refused=403),
    "schemes": Route(EVERYBODY),
    "schemes-export": Route(EVERYBODY),
    "scheme-new": Route(OFFICE, refused=403),
    "scheme": Route(APPRAISED_OWN, APPRAISED_OTHER),
    "scheme-export": Route(APPRAISED_OWN, APPRAISED_OTHER),
    "scheme-edit": Route(OFFICE, refused=403),
    "scheme-paste": Route(OFFICE, refused=403),
    "criterion-new": Route(OFFICE, refused=403),
    "criterion": Route(APPRAISED_OWN, APPRAISED_OTHER),
    "criterion-edit": Route(OFFICE, refused=403),
    "criterion-fill": of_criterion(),
    "evidence-add": of_criterion(),
    "evidence": Route(APPRAISED_OWN, APPRAISED_OTHER),
    "evidence-remove": of_criterion(),
    "rulebooks": Route(BUSINESS, refused=403),
    "rulebooks-export": Route(BUSINESS, refused=403),
    "rulebooks-simulate": Route(OFFICE, refused=403),
    "rulebooks-simulate-export": Route(OFFICE, refused=403, status=422),
    "rulebook": Route(BUSINESS, refused=403),
    "rulebook-files": Route(BUSINESS, refused=403),
    "rulebook-upload": Route(OFFICE, refused=403),
    "rulebook-history": Route(BUSINESS, refused=403),
    "rulebook-compare": Route(BUSINESS, refused=403),
    "rulebook-start": Route(OFFICE, refused=403, status=409, posts={}),
    "rulebook-adopt": Route(OFFICE, refused=403),
    "rulebook-draft": Route(OFFICE),
    "rulebook-draft-check": Route(OFFICE, status=422, posts={}),
    "rulebook-draft-effect": Route(OFFICE),
    "rulebook-draft-read": Route(OFFICE),
    "rulebook-draft-submit": Route(OFFICE, status=422, posts={}),
    "rulebook-draft-publish": Route(OFFICE, status=422, posts={}),
    "rulebook-draft-return": Route(OFFICE, status=422, posts={}),
    "rulebook-draft-withdraw": Route(OFFICE, status=422, posts={}),
    "rulebook-draft-drop": Route(OFFICE, status=422, posts={}),
    "project-audit": of_ledger(),
    "list-audit": of_ledger(),
    "papers": Route(EVERYBODY),
    "papers-export": Route(EVERYBODY),
    "circular": Route(WHOLE, ids=LOCKED),
    "circular-edit": of_paper(),
    "circular-preview": of_paper(posts={"text-0": "{完成率}"}),
    "circular-docx": Route(OFFICE, ids=LOCKED),
    "circular-check": of_paper(),
    "circular-issue": of_paper(status=422, posts={"version": "0"}),
    "circular-scan": Route(NOBODY, ids=LOCKED),
    "circular-withdraw": of_paper(status=404, posts={"version": "0"}),
    "table": of_paper(),
    "table-filled": of_paper(status=404),
    "table-template": of_paper(status=422, posts={}),
    "admin": Route(UNITS | SECURITY, refused=403),
    "admin-organisations": Route(UNITS, refused=403),
    "admin-organisations-export": Route(UNITS, refused=403),
    "admin-organisation-new": Route(UNITS, refused=403),
    "admin-organisation": Route(UNITS, refused=403),
    "admin-organisation-rename": Route(UNITS, refused=403, status=422, posts={}),
    "admin-organisation-alias": Route(UNITS, refused=403, status=422, posts={}),
    "admin-organisation-end": Route(UNITS, refused=403, status=422, posts={}),
    "admin-regions": Route(UNITS, refused=403),
    "admin-regions-export": Route(UNITS, refused=403),
    "admin-region-new": Route(UNITS, refused=403),
    "admin-region": Route(UNITS, refused=403),
    "admin-region-rename": Route(UNITS, refused=403, status=422, posts={}),
    "admin-region-alias": Route(UNITS, refused=403, status=422, posts={}),
    "admin-region-end": Route(UNITS, refused=403, status=422, posts={}),
    "admin-people": Route(UNITS, refused=403),
    "admin-people-export": Route(UNITS, refused=403),
    "admin-person-new": Route(UNITS, refused=403),
    "admin-person": Route(UNITS, refused=403),
    "admin-users": Route(ACCOUNTS, refused=403),
    "admin-users-export": Route(ACCOUNTS, refused=403),
    "admin-user": Route(ACCOUNTS, refused=403),
    "admin-user-new": Route(SYSTEM, refused=403),
    "admin-user-change": Route(SYSTEM, refused=403, status=422, posts={}),
    "admin-user-password": Route(SYSTEM, refused=403, status=200, posts={}),
    "admin-user-sessions-end": Route(SYSTEM, refused=403, status=302, posts={}),
    "admin-user-disable": Route(SYSTEM, refused=403, status=302, posts={}),
    "admin-user-enable": Route(SYSTEM, refused=403, status=302, posts={}),
    "admin-user-kind": Route(SYSTEM, refused=403, status=422, posts={}),
    "admin-role-assign": Route(SECURITY, refused=403, status=422, posts={}),
    "admin-kind-decide": Route(SECURITY, refused=403, status=302, posts={"decision": "refuse"}),
    "admin-roles": Route(ACCOUNTS, refused=403),
    "admin-roles-export": Route(ACCOUNTS, refused=403),
    "admin-role-end": Route(SECURITY, refused=403, status=422, posts={}),
    "admin-settings": Route(UNITS | SECURITY, refused=403),
    "admin-setting": Route(UNITS | SECURITY, refused=403, status=404, ids={"key": "list_id"}),
    "admin-switches": Route(OFFICE, refused=403),
    "admin-switch-on": Route(OFFICE, refused=403, status=422, posts={}),
    "admin-switch-off": Route(OFFICE, refused=403, status=422, posts={}),
    "admin-holidays": Route(UNITS, refused=403),
    "admin-holiday-set": Route(UNITS, refused=403, status=422, posts={}),
    "admin-holiday-forget": Route(UNITS, refused=403, status=409, posts={}),
    "admin-locks": Route(SECURITY, refused=403),
    "admin-lock-open": Route(SECURITY, refused=403, status=404, posts={}),
    "admin-mappings": Route(OFFICE, refused=403),
    "admin-mappings-export": Route(OFFICE, refused=403),
    "admin-mapping": Route(OFFICE, refused=403),
    "admin-mapping-forget": Route(OFFICE, refused=403, status=409, posts={}),
    "admin-channels": Route(UNITS, refused=403),
    "admin-channels-export": Route(UNITS, refused=403),
    "admin-channel-new": Route(UNITS, refused=403),
    "admin-channel": Route(UNITS, refused=403),
    "admin-channel-switch": Route(UNITS, refused=403, status=409, posts={}),
    "admin-channel-test": Route(UNITS, refused=403, status=302, posts={}),
    "admin-messages": Route(OFFICE, refused=403),
    "admin-messages-export": Route(OFFICE, refused=403),
    "admin-message": Route(OFFICE, refused=403),
    "admin-message-retry": Route(OFFICE, refused=403, status=409, posts={}),
    "admin-backups": Route(SYSTEM, refused=403),
    "admin-backup-make": Route(SYSTEM, refused=403, status=302, posts={}),
    "admin-doctor": Route(SYSTEM, refused=403),
    "journal": Route(AUDIT, refused=403),
    "journal-export": Route(AUDIT, refused=403),
    "journal-entry": Route(AUDIT, refused=403),
    "journal-verify": Route(AUDIT, refused=403),
    "journal-verification": Route(AUDIT, refused=403),
    "journal-checkpoints": Route(AUDIT, refused=403),
    "journal-checkpoint": Route(AUDIT, refused=403),
    "set-up": Route(EVERYBODY, status=404, is_open=True, open_status=404),
    "health": Route(EVERYBODY, is_open=True),
    "account_login": Route(EVERYBODY, status=302, is_open=True),
    "account_logout": Route(EVERYBODY, status=302, posts={}),
    "password-change": Route(EVERYBODY),
    "my-sessions": Route(EVERYBODY),
    "my-sessions-end": Route(EVERYBODY, status=302, posts={}),
    "resume": Route(EVERYBODY, status=302),
}
"""By URL name. A route without a row fails `test_every_route_has_a_row`."""
