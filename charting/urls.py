"""URLs of charting, under a review."""

from __future__ import annotations

from django.urls import path

from charting.views import charts, discrepancies, forms, results, unblinding

app_name = "charting"
urlpatterns = [
    path("", forms.form_list, name="forms"),
    path("new/", forms.new_form, name="new"),
    path("results/", results.forms_with_results, name="results_list"),
    path("<slug:form>/", forms.form_overview, name="form"),
    path("<slug:form>/included/", results.included_studies, name="included"),
    path("<slug:form>/preview/", forms.preview_form, name="preview"),
    path("<slug:form>/edit/", forms.edit_draft, name="edit"),
    path("<slug:form>/draft/", forms.start_draft, name="start_draft"),
    path("<slug:form>/draft/discard/", forms.discard_draft, name="discard"),
    path("<slug:form>/publish/", forms.publish_form, name="publish"),
    path("<slug:form>/fields/new/", forms.add_field, name="add_field"),
    path("<slug:form>/fields/<slug:field>/", forms.change_field, name="field"),
    path("<slug:form>/fields/<slug:field>/move/", forms.move_field, name="move"),
    path(
        "<slug:form>/fields/<slug:field>/remove/",
        forms.remove_field,
        name="remove_field",
    ),
    path("<slug:form>/assignments/", forms.assign_charting, name="assign"),
    path("<slug:form>/start/", forms.start_charting, name="start"),
    path("<slug:form>/close/", forms.close_charting, name="close"),
    path("<slug:form>/unblind/", unblinding.unblind_form, name="unblind"),
    path("<slug:form>/mine/", charts.own_studies, name="mine"),
    path("<slug:form>/mine.csv", charts.own_charts_csv, name="mine_csv"),
    path("<slug:form>/studies/<slug:round_code>/", charts.chart_study, name="chart"),
    path(
        "<slug:form>/studies/<slug:round_code>/draft/",
        charts.autosave_chart,
        name="autosave",
    ),
    path(
        "<slug:form>/studies/<slug:round_code>/reopen/",
        charts.reopen_chart,
        name="reopen",
    ),
    path(
        "<slug:form>/discrepancies/",
        discrepancies.discrepancy_list,
        name="discrepancies",
    ),
    path(
        "<slug:form>/discrepancies/<slug:round_code>/",
        discrepancies.resolve_study,
        name="differences",
    ),
    path("<slug:form>/results/", results.result_tables, name="results"),
    path("<slug:form>/results/cross/", results.cross_table, name="cross"),
    path("<slug:form>/results/studies/", results.counted_studies, name="studies"),
    path("<slug:form>/results/charts.csv", results.results_csv, name="results_csv"),
    path(
        "<slug:form>/results/years.svg",
        results.figure_svg,
        {"which": "years"},
        name="years",
    ),
    path(
        "<slug:form>/results/countries.svg",
        results.figure_svg,
        {"which": "countries"},
        name="countries",
    ),
    path(
        "<slug:form>/final-charts/<slug:final_chart>/",
        results.final_chart,
        name="final_chart",
    ),
]
