from django.urls import path

from . import proposal_pages, province_pages, registry_pages, round_pages, screening_pages

urlpatterns = [
    path("usulan/", proposal_pages.proposals, name="nominations"),
    path("usulan/buat/", proposal_pages.begin, name="nomination_begin"),
    path("usulan/<int:pk>/", proposal_pages.nomination, name="nomination"),
    path("usulan/<int:pk>/isian/<slug:part>/", proposal_pages.part, name="nomination_part"),
    path("usulan/<int:pk>/dokumen/", proposal_pages.documents, name="nomination_documents"),
    path(
        "usulan/<int:pk>/dokumen/<slug:kind>/tambah/",
        proposal_pages.document_add,
        name="nomination_document_add",
    ),
    path(
        "usulan/<int:pk>/dokumen/<int:document>/pakai/",
        proposal_pages.document_use,
        name="nomination_document_use",
    ),
    path(
        "usulan/<int:pk>/dokumen/<int:document>/lepas/",
        proposal_pages.document_remove,
        name="nomination_document_remove",
    ),
    path("usulan/<int:pk>/periksa/", proposal_pages.check, name="nomination_check"),
    path("usulan/<int:pk>/kirim/", proposal_pages.submit, name="nomination_submit"),
    path("usulan/<int:pk>/tanda-terima/", proposal_pages.receipt, name="nomination_receipt"),
    path("usulan/<int:pk>/tarik/", proposal_pages.withdraw, name="nomination_withdraw"),
    path("potensi/", registry_pages.registry, name="registry"),
    path("potensi/sentra/daftar/", registry_pages.sentra_add, name="sentra_add"),
    path("potensi/sentra/<int:pk>/", registry_pages.sentra_edit, name="sentra_edit"),
    path("potensi/ikm/daftar/", registry_pages.ikm_add, name="ikm_add"),
    path("potensi/ikm/<slug:slug>/", registry_pages.ikm_edit, name="ikm_edit"),
    path("potensi/ikm/<slug:slug>/produk/", registry_pages.product_add, name="product_add"),
    path("verifikasi-provinsi/", province_pages.queue, name="endorsements"),
    path("verifikasi-provinsi/<int:pk>/", province_pages.endorsement, name="endorsement"),
    path("seleksi/", screening_pages.queue, name="screenings"),
    path("seleksi/<int:pk>/", screening_pages.screening, name="screening"),
    path("seleksi/<int:pk>/contoh-produk/", screening_pages.sample, name="sample"),
    path("periode/", round_pages.rounds, name="rounds"),
    path("periode/buat/", round_pages.round_begin, name="round_begin"),
    path("periode/<int:year>/", round_pages.round_page, name="round"),
    path("periode/<int:year>/<slug:kind>/perpanjang/", round_pages.phase_extend, name="phase_extend"),
]
