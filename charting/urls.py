"""URLs of charting, under a review."""

from __future__ import annotations

from django.urls import path

from charting.views import charts, discrepancies, forms, results, unblinding

app_name = "charting"
urlpatterns = [
    path("", forms.listed, name="forms"),
    path("new/", forms.new, name="new"),
    path("results/", results.listed, name="results_list"),
    path("<slug:form>/", forms.one, name="form"),
    path("<slug:form>/included/", results.included, name="included"),
    path("<slug:form>/preview/", forms.preview, name="preview"),
    path("<slug:form>/edit/", forms.edit, name="edit"),
    path("<slug:form>/draft/", forms.start_draft, name="start_draft"),
    path("<slug:form>/draft/discard/", forms.discard, name="discard"),
    path("<slug:form>/publish/", forms.publish, name="publish"),
    path("<slug:form>/fields/new/", forms.add_field, name="add_field"),
    path("<slug:form>/fields/<slug:field>/", forms.change_field, name="field"),
    path("<slug:form>/fields/<slug:field>/move/", forms.move_field, name="move"),
    path(
        "<slug:form>/fields/<slug:field>/remove/",
        forms.remove_field,
        name="remove_field",
    ),
    path("<slug:form>/assignments/", forms.assign, name="assign"),
    path("<slug:form>/start/", forms.start, name="start"),
    path("<slug:form>/close/", forms.close, name="close"),
    path("<slug:form>/unblind/", unblinding.unblind, name="unblind"),
    path("<slug:form>/mine/", charts.mine, name="mine"),
    path("<slug:form>/mine.csv", charts.mine_csv, name="mine_csv"),
    path("<slug:form>/studies/<slug:round_code>/", charts.chart, name="chart"),
    path(
        "<slug:form>/studies/<slug:round_code>/draft/", charts.autosave, name="autosave"
    ),
    path("<slug:form>/studies/<slug:round_code>/reopen/", charts.reopen, name="reopen"),
    path("<slug:form>/discrepancies/", discrepancies.listed, name="discrepancies"),
    path(
        "<slug:form>/discrepancies/<slug:round_code>/",
        discrepancies.one,
        name="differences",
    ),
    path("<slug:form>/results/", results.results, name="results"),
    path("<slug:form>/results/cross/", results.cross, name="cross"),
    path("<slug:form>/results/studies/", results.studies, name="studies"),
    path("<slug:form>/results/charts.csv", results.results_csv, name="results_csv"),
    path(
        "<slug:form>/results/years.svg",
        results.figure,
        {"which": "years"},
        name="years",
    ),
    path(
        "<slug:form>/results/countries.svg",
        results.figure,
        {"which": "countries"},
        name="countries",
    ),
    path(
        "<slug:form>/final-charts/<slug:settled>/", results.settled, name="final_chart"
    ),
]
