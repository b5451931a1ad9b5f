from django.urls import path

from . import (
    award_pages,
    calling_in_pages,
    certificate_pages,
    clarification_pages,
    credential_pages,
    decree_file_pages,
    decree_pages,
    design_pages,
    label_pages,
    late_pages,
    open_figures_pages,
    schedule_pages,
    secret_pages,
    taking_over_pages,
    wording_pages,
)

urlpatterns = [
    path("penghargaan/", decree_pages.decree_list, name="decrees"),
    path("penghargaan/evaluasi-ulang/<int:year>/", calling_in_pages.call_in, name="call_in"),
    path("penghargaan/pleno/<int:plenary>/susun/", decree_pages.decree_draft, name="decree_draft"),
    path("penghargaan/ambil-alih/", taking_over_pages.begin, name="take_over"),
    path("penghargaan/ambil-alih/templat.<slug:kind>", taking_over_pages.template, name="take_over_template"),
    path("penghargaan/ambil-alih/<slug:token>/", taking_over_pages.check, name="take_over_check"),
    path(
        "penghargaan/ambil-alih/<slug:token>/kesalahan.csv",
        taking_over_pages.problems,
        name="take_over_problems",
    ),
    path("penghargaan/<int:pk>/", decree_pages.decree_page, name="decree"),
    path("penghargaan/<int:pk>/angka/", open_figures_pages.open_to_everyone, name="figures_open"),
    path("data/<int:year>/penilaian.json", open_figures_pages.figures_file, name="figures_file"),
    path("penghargaan/<int:pk>/kemajuan/", certificate_pages.decree_progress, name="decree_progress"),
    path(
        "penghargaan/<int:pk>/piagam/atur/", certificate_pages.certificates_steer, name="certificates_steer"
    ),
    path("penghargaan/<int:pk>/piagam/zip/", certificate_pages.certificates_zip, name="certificates_zip"),
    path(
        "penghargaan/<int:pk>/piagam/cetak/", certificate_pages.certificates_print, name="certificates_print"
    ),
    path(
        "penghargaan/<int:pk>/piagam/terbitkan/",
        late_pages.certificates_issue_late,
        name="certificates_issue_late",
    ),
    path("penghargaan/<int:pk>/umumkan/", decree_pages.decree_publish, name="decree_publish"),
    path("penghargaan/<int:pk>/rancangan.pdf", decree_file_pages.decree_draft_pdf, name="decree_draft_pdf"),
    path("penghargaan/<int:pk>/naskah/", wording_pages.decree_wording_page, name="decree_wording"),
    path("penghargaan/<int:pk>/naskah-cetak.pdf", wording_pages.decree_to_sign, name="decree_to_sign"),
    path("penghargaan/<int:pk>/rupa/", design_pages.certificate_design, name="certificate_design"),
    path("penghargaan/<int:pk>/kode/", secret_pages.decree_secret, name="decree_secret"),
    path("penghargaan/<int:pk>/tanda-tangan/", wording_pages.decree_scan, name="decree_scan"),
    path(
        "penghargaan/<int:pk>/naskah/<slug:variant>.pdf", decree_file_pages.decree_paper, name="decree_paper"
    ),
    path("keputusan/<int:pk>/salinan.pdf", decree_file_pages.decree_copy, name="decree_copy"),
    path("penghargaan/<int:pk>/jadwal/", schedule_pages.decree_schedule, name="decree_schedule"),
    path("penghargaan/<int:pk>/jadwal/batal/", schedule_pages.decree_unschedule, name="decree_unschedule"),
    path(
        "penghargaan/<int:pk>/pratinjau/", certificate_pages.certificate_preview, name="certificate_preview"
    ),
    path(".well-known/jwks.json", credential_pages.keys, name="credential_keys"),
    path("penghargaan/daerah/", label_pages.awards_of_region, name="awards_of_region"),
    path("penghargaan/penerima/<int:pk>/label/", label_pages.star_label, name="star_label"),
    path(
        "penghargaan/penerima/<int:pk>/label.<slug:kind>", label_pages.star_label_file, name="star_label_file"
    ),
    path("penghargaan/penerima/<int:pk>/", award_pages.award_kept, name="award_kept"),
    path(
        "penghargaan/penerima/<int:pk>/klarifikasi/", award_pages.clarification_ask, name="clarification_ask"
    ),
    path(
        "penghargaan/penerima/<int:pk>/terbit-ulang/",
        award_pages.certificate_reissue,
        name="certificate_reissue",
    ),
    path("penghargaan/klarifikasi/<int:pk>/", award_pages.clarification, name="clarification"),
    path(
        "penghargaan/klarifikasi/<int:pk>/surat/",
        clarification_pages.clarification_letter_page,
        name="clarification_letter_page",
    ),
    path(
        "penghargaan/klarifikasi/<int:pk>/surat.pdf",
        clarification_pages.clarification_letter,
        name="clarification_letter",
    ),
    path(
        "penghargaan/klarifikasi/<int:pk>/berita-acara.pdf",
        clarification_pages.clarification_minutes,
        name="clarification_minutes",
    ),
    path("penghargaan/piagam/<int:pk>/", certificate_pages.certificate_file, name="certificate_file"),
]
