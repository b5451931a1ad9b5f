"""A signed certificate keeps what PDF/A-3a asks, as far as it can be seen here, and the judge finds what is broken."""

import io

import pikepdf
import pytest
from django.utils import timezone

from awards import certificate_page, decree_pdf, signing, signing_authority
from letters import pdf as letters_pdf
from tests.factories.awards import a_drafted_decree, a_sealed_session, an_issued_decree
from tests.factories.certificate_facts import LONG_NAME, certificate_facts
from tests.pdfa import problems


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return certificate_page.pdf(certificate_facts(is_signed=True))


def test_a_certificate_is_pdf_a_3a_signed_and_unsigned(drawn, settings, tmp_path):
    assert problems(drawn) == []
    settings.SIGNER, settings.SIGNING_DIR, settings.TSA_URL = "local", tmp_path / "signing", ""
    signing_authority.make(settings.SIGNING_DIR, at=timezone.now())
    signed = signing.sign_pdf(drawn, reason="Piagam", at=timezone.now())
    assert b"/ByteRange" in signed
    assert problems(signed) == []


def test_so_is_one_with_long_names_other_stars_and_the_mark_of_an_example():
    facts = certificate_facts(ikm_name=LONG_NAME, star=1, ornament="gerabah", is_example=True)
    assert problems(certificate_page.pdf(facts)) == []


def broken(data: bytes, change) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(target, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


def without_a_face(pdf):
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile2", "/FontFile3"):
                if name in thing:
                    del thing[name]


def with_a_script(pdf):
    pdf.Root.OpenAction = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Action, S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
    )


def as_3b(pdf):
    with pdf.open_metadata(update_docinfo=False) as xmp:
        xmp["pdfaid:conformance"] = "B"


def with_cmyk(pdf):
    page = pdf.pages[0]
    page.contents_add(pdf.make_stream(b"0 0 0 1 k"), prepend=True)


def untied(pdf):
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/EF" in thing:
            del thing["/AFRelationship"]


def with_a_hidden_note(pdf):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[0, 0, 9, 9],
        F=2,
        Contents=pikepdf.String("?"),
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([note]))


def dumb(pdf):
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure" and "/Alt" in thing:
            del thing["/Alt"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_a_face, "is not embedded"),
        (with_a_script, "there is a script"),
        (as_3b, "it claims 3B"),
        (with_cmyk, "CMYK"),
        (untied, "does not say what it is to the document"),
        (with_a_hidden_note, "hidden or not printed"),
        (dumb, "a figure has no words"),
        (lambda pdf: pdf.Root.__delattr__("OutputIntents"), "not one output intent"),
        (lambda pdf: pdf.Root.__delattr__("Lang"), "no language"),
        (lambda pdf: pdf.Root.__delattr__("MarkInfo"), "not tagged"),
        (lambda pdf: pdf.Root.__delattr__("Metadata"), "metadata are missing"),
    ],
)  # fmt: skip
def test_what_is_broken_is_found(drawn, change, said):
    assert any(said in problem for problem in problems(broken(drawn, change)))


@pytest.mark.django_db
def test_a_decree_is_kept_for_archives_and_stays_accessible():
    decree = an_issued_decree(
        a_drafted_decree(a_sealed_session((LONG_NAME, "anyaman", 5), ("UD Mawar", "kain_batik", 2)))
    )
    for variant in ("asli", "salinan"):
        data = decree_pdf.file_of(decree_pdf.make(decree.pk, variant, at=timezone.now())).read_bytes()
        assert (b"/ByteRange" in data) is (variant == "asli")
        assert problems(data) == []
        with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as said:
            assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "A")
            assert said["pdfuaid:part"] == "1"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
    page = decree_pdf.html(decree)
    assert letters_pdf.archived(page) == letters_pdf.archived(page)
