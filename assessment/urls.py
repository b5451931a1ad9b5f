from django.urls import path

from . import (
    advice_pages,
    discussion_pages,
    draw_pages,
    instrument_draft_pages,
    instrument_line_pages,
    instrument_pages,
    instrument_publish_pages,
    panel_pages,
    plenary_pages,
    queue_pages,
    scoring_pages,
    session_pages,
    what_if_pages,
)

urlpatterns = [
    path("penilaian/", queue_pages.queue, name="assessments"),
    path("penilaian/pakta/<int:year>/", queue_pages.pact, name="pact"),
    path("penilaian/<int:pk>/", scoring_pages.sheet, name="assessment"),
    path("penilaian/<int:pk>/pernyataan/", queue_pages.declaration, name="declaration"),
    path("penilaian/<int:pk>/kembalikan/", queue_pages.decline, name="assignment_decline"),
    path("penilaian/<int:pk>/simpan/", scoring_pages.save, name="assessment_save"),
    path("penilaian/<int:pk>/periksa/", scoring_pages.check, name="assessment_check"),
    path("penilaian/<int:pk>/kirim/", scoring_pages.submit, name="assessment_submit"),
    path("penilaian/<int:pk>/pembahasan/", discussion_pages.discuss, name="assessment_discussion"),
    path("instrumen/", instrument_pages.instruments, name="instruments"),
    path("instrumen/<slug:group>/<int:version>/", instrument_pages.instrument, name="instrument"),
    path(
        "instrumen/<slug:group>/<int:version>/berkas/",
        instrument_publish_pages.export,
        name="instrument_file",
    ),
    path("instrumen/<slug:group>/susun/", instrument_draft_pages.hub, name="instrument_draft"),
    path(
        "instrumen/<slug:group>/susun/bagian/", instrument_draft_pages.header, name="instrument_draft_header"
    ),
    path(
        "instrumen/<slug:group>/susun/bintang/", instrument_draft_pages.bands, name="instrument_draft_bands"
    ),
    path(
        "instrumen/<slug:group>/susun/indikator/<str:code>/",
        instrument_line_pages.line,
        name="instrument_draft_line",
    ),
    path(
        "instrumen/<slug:group>/susun/indikator/<str:code>/pindah/",
        instrument_line_pages.move,
        name="instrument_draft_move",
    ),
    path(
        "instrumen/<slug:group>/susun/indikator/<str:code>/hapus/",
        instrument_line_pages.remove,
        name="instrument_draft_remove",
    ),
    path(
        "instrumen/<slug:group>/susun/subbagian/<str:section>/tambah/",
        instrument_line_pages.add,
        name="instrument_draft_add",
    ),
    path(
        "instrumen/<slug:group>/susun/periksa/", instrument_publish_pages.check, name="instrument_draft_check"
    ),
    path(
        "instrumen/<slug:group>/susun/terbitkan/",
        instrument_publish_pages.publish,
        name="instrument_draft_publish",
    ),
    path(
        "instrumen/<slug:group>/susun/buang/",
        instrument_publish_pages.discard,
        name="instrument_draft_discard",
    ),
    path("instrumen/<slug:group>/susun/muat/", instrument_publish_pages.load, name="instrument_draft_load"),
    path("panel/", panel_pages.overview, name="panels"),
    path("panel/undian/", draw_pages.draw, name="panel_draw"),
    path("panel/<int:pk>/", panel_pages.panel, name="panel"),
    path("panel/penugasan/<int:pk>/ganti/", panel_pages.replace, name="assignment_replace"),
    path("panel/penugasan/<int:pk>/keluarkan/", panel_pages.remove, name="assignment_remove"),
    path("panel/penugasan/<int:pk>/buka-kembali/", panel_pages.reopen, name="assignment_reopen"),
    path("pleno/", plenary_pages.board, name="plenary"),
    path("pleno/keselarasan/", advice_pages.advice, name="agreement"),
    path("pleno/buka/", session_pages.open_session, name="plenary_open"),
    path("pleno/<int:pk>/kehadiran/", session_pages.attendance, name="plenary_attendance"),
    path("pleno/<int:pk>/usulan/<int:nomination>/", plenary_pages.decide, name="plenary_decide"),
    path("pleno/<int:pk>/andaikan/", what_if_pages.what_if_page, name="plenary_what_if"),
    path("pleno/<int:pk>/segel/", session_pages.seal, name="plenary_seal"),
    path("pleno/<int:pk>/berita-acara/", session_pages.minutes, name="plenary_minutes"),
]
