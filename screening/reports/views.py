"""Pages of full texts: retrieval, files, studies, records from other methods."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.filters import chosen
from reviewapp.core.permissions import Action, require
from reviewapp.core.web import MemberRequest, done, found, may, member_required
from screening.records.queries import records
from screening.reports.forms import (
    FileForm,
    NotRetrievedForm,
    NotSoughtForm,
    StudyForm,
)
from screening.reports.models import Report
from screening.reports.queries import reports as queries
from screening.reports.queries import studies as study_queries
from screening.reports.services import files, retrieval, studies


@member_required()
@require_safe
def report_list(request: MemberRequest) -> HttpResponseBase:
    """List reports by retrieval status."""
    state = chosen(request.GET, "state", Report.Retrieval.values)
    words = request.GET.get("words", "")
    reports, cursor = queries.report_page(
        request.member, state=state, words=words, after=request.GET.get("after", "")
    )
    context = {
        "reports": reports,
        "cursor": cursor,
        "counts": queries.retrieval_counts(request.member),
        "may": may(request, Action.RETRIEVE),
        "state": state,
        "words": words,
    }
    return render(request, "reports/reports.html", context)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def mark_selected_retrieved(request: MemberRequest) -> HttpResponseBase:
    """Mark the selected reports as retrieved."""
    n = retrieval.mark_many_retrieved(
        actor=request.member,
        report_codes=request.POST.getlist("report"),
        now=timezone.now(),
    )
    sentence = ngettext(
        "{n} report is marked as retrieved.", "{n} reports are marked as retrieved.", n
    )
    done(request, sentence.format(n=f"{n:,}"))
    return redirect("reports:reports", request.review.code)


def _page(request: MemberRequest, code: str, **extra: Any) -> HttpResponseBase:
    context = {
        "report": found(queries.find_report(request.member, code)),
        "may": may(request, Action.RETRIEVE),
        "file_form": FileForm(),
        "not_retrieved_form": NotRetrievedForm(),
        **extra,
    }
    status = 422 if extra else 200
    return render(request, "reports/report.html", context, status=status)


@member_required()
@require_safe
def report_page(request: MemberRequest, report: str) -> HttpResponseBase:
    """Show one report: its record, retrieval and PDF."""
    return _page(request, report)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def upload_file(request: MemberRequest, report: str) -> HttpResponseBase:
    """Upload a PDF."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, report, file_form=form)
    file = form.cleaned_data["file"]
    files.attach_file(
        actor=request.member,
        report_code=report,
        file=file,
        file_name=file.name,
        now=timezone.now(),
    )
    done(request, _("The PDF is uploaded. The report is marked as retrieved."))
    return redirect("reports:report", request.review.code, report)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def mark_retrieved(request: MemberRequest, report: str) -> HttpResponseBase:
    """Mark as retrieved without a file (on paper, or stored elsewhere)."""
    retrieval.mark_retrieved(
        actor=request.member, report_code=report, now=timezone.now()
    )
    done(request, _("The report is marked as retrieved."))
    return redirect("reports:report", request.review.code, report)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def mark_not_retrieved(request: MemberRequest, report: str) -> HttpResponseBase:
    """Mark a report as not retrieved, with a reason."""
    form = NotRetrievedForm(request.POST)
    if not form.is_valid():
        return _page(request, report, not_retrieved_form=form)
    retrieval.mark_not_retrieved(
        actor=request.member,
        report_code=report,
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )
    done(request, _("The report is marked as not retrieved."))
    return redirect("reports:report", request.review.code, report)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def reopen_retrieval(request: MemberRequest, report: str) -> HttpResponseBase:
    """Reopen the retrieval of a report."""
    retrieval.reopen_retrieval(
        actor=request.member, report_code=report, now=timezone.now()
    )
    done(request, _("Retrieval of the report is reopened."))
    return redirect("reports:report", request.review.code, report)


def _pdf_name(name: str) -> str:
    """Return the name with the ending .pdf.

    A file that starts as a PDF can be a web page too, so no other program may open it.
    """
    return name if name.lower().endswith(".pdf") else f"{name}.pdf"


@member_required()
@require_safe
def download_file(request: MemberRequest, report: str, file: str) -> HttpResponseBase:
    """Return the PDF with headers that let no browser run it as anything else."""
    kept = found(queries.find_file(request.member, report, file))
    response = FileResponse(
        kept.file.open("rb"),
        content_type="application/pdf",
        as_attachment=True,
        filename=_pdf_name(kept.file_name),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@member_required(Action.RETRIEVE)
@require_http_methods(["GET", "POST"])
def remove_file(request: MemberRequest, report: str, file: str) -> HttpResponseBase:
    """Remove a wrong PDF."""
    kept = found(queries.find_file(request.member, report, file))
    if request.method == "POST":
        files.remove_file(
            actor=request.member, report_code=report, file_code=file, now=timezone.now()
        )
        done(request, _("The PDF is removed. The report stays marked as retrieved."))
        return redirect("reports:report", request.review.code, report)
    context = {"kept": kept, "report": queries.find_report(request.member, report)}
    return render(request, "reports/remove_file.html", context)


# ── Studies ──────────────────────────────────────────────────────────────────


@member_required()
@require_safe
def study_list(request: MemberRequest) -> HttpResponseBase:
    """List studies and their reports, which can be grouped."""
    words, only = request.GET.get("words", ""), chosen(request.GET, "only", ("1",))
    context = {
        "studies": study_queries.study_list(
            request.member, words=words, only_groups=bool(only)
        ),
        "words": words,
        "only": only,
        "may": may(request, Action.RETRIEVE),
    }
    return render(request, "reports/studies.html", context)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def group_reports(request: MemberRequest) -> HttpResponseBase:
    """Group the selected reports as one study."""
    study = studies.group_reports(
        actor=request.member,
        report_codes=request.POST.getlist("report"),
        now=timezone.now(),
    )
    done(
        request,
        _("These reports are now one study: {study}.").format(study=study.label),
    )
    return redirect("reports:study", request.review.code, study.code)


@member_required()
@require_http_methods(["GET", "POST"])
def study_page(request: MemberRequest, study: str) -> HttpResponseBase:
    """Show one study, its name and its reports."""
    line = found(study_queries.find_study(request.member, study))
    form = StudyForm(request.POST or None, initial={"label": line.label})
    if request.method == "POST":
        require(request.member, Action.RETRIEVE)
    if request.method == "POST" and form.is_valid():
        studies.rename_study(
            actor=request.member,
            study_code=study,
            now=timezone.now(),
            **form.cleaned_data,
        )
        done(request, _("The study is renamed."))
        return redirect("reports:study", request.review.code, study)
    context = {"study": line, "form": form, "may": may(request, Action.RETRIEVE)}
    return render(request, "reports/study.html", context)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def separate_report(request: MemberRequest, report: str) -> HttpResponseBase:
    """Move a report into a separate study."""
    own = studies.separate_report(
        actor=request.member, report_code=report, now=timezone.now()
    )
    done(request, _("The report is now a separate study."))
    return redirect("reports:study", request.review.code, own.code)


# ── Other methods ────────────────────────────────────────────────────────────


@member_required()
@require_safe
def other_methods(request: MemberRequest) -> HttpResponseBase:
    """List records from other methods with the decision on their retrieval."""
    context = {
        "lines": queries.other_methods(request.member),
        "may": may(request, Action.RETRIEVE),
        "form": NotSoughtForm(),
    }
    return render(request, "reports/other.html", context)


@member_required(Action.RETRIEVE)
@require_http_methods(["POST"])
def send_to_retrieval(request: MemberRequest) -> HttpResponseBase:
    """Send the selected records, or all pending ones, to retrieval."""
    lines = queries.other_methods(request.member)
    codes = set(request.POST.getlist("record")) or {
        line.code for line in lines if line.state == "pending"
    }
    sent = retrieval.send_other_to_retrieval(
        actor=request.member, record_codes=codes, now=timezone.now()
    )
    n = len(sent)
    sentence = ngettext(
        "{n} report is sent to retrieval.", "{n} reports are sent to retrieval.", n
    )
    done(request, sentence.format(n=f"{n:,}"))
    return redirect("reports:other", request.review.code)


@member_required(Action.RETRIEVE)
@require_http_methods(["GET", "POST"])
def do_not_retrieve(request: MemberRequest, record: str) -> HttpResponseBase:
    """Store why a record from other methods is not retrieved."""
    title = found(records.find_record(request.member, record)).title
    form = NotSoughtForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        retrieval.do_not_retrieve(
            actor=request.member,
            record_code=record,
            now=timezone.now(),
            **form.cleaned_data,
        )
        done(
            request,
            _("The report will not be retrieved. The PRISMA flow shows the reason."),
        )
        return redirect("reports:other", request.review.code)
    context = {"record_title": title, "form": form}
    return render(request, "reports/not_sought.html", context)
