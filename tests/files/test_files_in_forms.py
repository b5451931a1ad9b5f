"""A form takes a file as it comes, or the id of what went up before; the rest of the form is kept."""

from datetime import timedelta

import pytest
from django import forms
from django.utils import timezone

from files.forms import FileField, FormWithFiles, tell_files
from files.limits import PICTURES
from files.models import StoredFile, Upload
from files.refusals import sentence
from tests.factories.files import NOON, StoredFileFactory, an_upload, pdf_bytes, picture_bytes
from tests.factories.letters import a_person
from tests.files.test_uploads_in_parts import Line

pytestmark = pytest.mark.django_db


class Sk(FormWithFiles):
    number = forms.CharField()
    file = FileField(label="SK sentra")
    photo = FileField(label="Foto", kinds=PICTURES, required=False)


def sent(person, data=None, files=None, **how) -> Sk:
    return Sk({"number": "5", **(data or {})}, files or {}, by=person, at=timezone.now(), **how)


@pytest.fixture
def person():
    return a_person()


def test_a_file_that_comes_with_the_form_is_taken_in(person):
    form = sent(person, files={"file": an_upload(pdf_bytes(), "SK.pdf")})
    assert form.is_valid(), form.errors
    stored = form.cleaned_data["file"]
    assert isinstance(stored, StoredFile)
    assert (stored.original_name, stored.uploaded_by) == ("SK.pdf", person)
    assert form.cleaned_data["photo"] is None


def test_a_form_with_files_says_so_to_the_browser(person):
    form = Sk(by=person, at=NOON)
    assert form.is_multipart()
    assert 'type="module"' in str(form.media)
    assert "js/upload" in str(form.media)


def test_the_id_of_an_own_file_is_taken(person):
    stored = StoredFileFactory(uploaded_by=person)
    form = sent(person, {"file-berkas": str(stored.pk)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"] == stored


def test_the_id_of_an_own_complete_upload_is_taken():
    line, content = Line(), pdf_bytes()
    line.begun(len(content))
    upload = Upload.objects.get()
    upload.part_path.write_bytes(content)
    Upload.objects.update(received=len(content))
    form = sent(line.person, {"file-berkas": str(upload.pk)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"].path.read_bytes() == content


def refusal_of(form: Sk, name: str = "file") -> tuple[str, str]:
    assert not form.is_valid()
    [error] = form.errors.as_data()[name]
    return error.code, error.messages[0]


@pytest.mark.parametrize("given", ["not an id", "6dc27840-1a8e-4507-9e8a-4ae966754b2f", "' or 1=1 --"])
def test_an_id_that_is_nobodys_is_refused(person, given):
    form = sent(person, {"file-berkas": given})
    assert refusal_of(form) == ("unknown_upload", sentence("unknown_upload", ""))


def test_anothers_file_or_upload_is_not_there(person):
    theirs, line = StoredFileFactory(), Line()
    line.begun(100)
    for pk in (theirs.pk, Upload.objects.get().pk):
        assert refusal_of(sent(person, {"file-berkas": str(pk)}))[0] == "unknown_upload"


def test_an_upload_that_is_not_complete_says_how_far_it_is():
    line = Line()
    address = line.begun(200, "SK.pdf")
    line.send(address, b"a" * 86, 0)
    assert refusal_of(sent(line.person, {"file-berkas": str(Upload.objects.get().pk)})) == (
        "unfinished_upload",
        'Berkas "SK.pdf" baru terkirim 43%. Bagian yang terkirim tidak hilang. Pilih "Lanjutkan unggahan".',
    )


def test_an_upload_that_has_ended_says_so():
    line = Line()
    line.begun(200)
    Upload.objects.update(started_at=NOON, expires_at=NOON + timedelta(seconds=1))
    assert refusal_of(sent(line.person, {"file-berkas": str(Upload.objects.get().pk)}))[0] == "expired_upload"


def test_a_hostile_file_is_refused_at_its_field_and_the_rest_is_kept(person):
    form = sent(person, files={"file": an_upload(b"GIF89a", "logo.pdf")})
    assert refusal_of(form) == (
        "not_allowed",
        'Berkas "logo.pdf" bukan PDF, JPG, PNG, atau WebP dan tidak disimpan. Pilih berkas lain.',
    )
    assert form.cleaned_data["number"] == "5"
    assert 'name="number" value="5"' in form.as_p()


def test_a_good_file_is_kept_while_another_field_is_wrong(person):
    form = sent(person, {"number": ""}, {"file": an_upload(pdf_bytes(), "SK.pdf")})
    assert not form.is_valid()
    stored = StoredFile.objects.get()
    html = form.as_p()
    assert f'name="file-berkas" value="{stored.pk}"' in html
    assert "SK.pdf" in html
    again = sent(person, {"file-berkas": str(stored.pk)})
    assert again.is_valid()
    assert again.cleaned_data["file"] == stored
    assert StoredFile.objects.count() == 1


def test_a_photo_field_takes_no_pdf_that_went_up_before(person):
    stored = StoredFileFactory(uploaded_by=person, original_name="denah.pdf")
    form = sent(person, {"photo-berkas": str(stored.pk), "file-berkas": str(stored.pk)})
    assert refusal_of(form, "photo")[0] == "not_wanted_here"


def test_a_file_that_the_scanner_refused_is_refused(person):
    stored = StoredFileFactory(uploaded_by=person, refused=True)
    assert refusal_of(sent(person, {"file-berkas": str(stored.pk)}))[0] == "infected"


def test_a_required_file_is_asked_for(person):
    assert refusal_of(sent(person)) == ("required", "Pilih berkas, lalu kirim formulir ini lagi.")


@pytest.mark.parametrize("as_id", [True, False])
def test_a_colleagues_file_that_was_there_before_stays(person, as_id):
    before = StoredFileFactory()
    initial = {"file": before.pk if as_id else before}
    for data in ({}, {"file-berkas": str(before.pk)}):
        form = sent(person, data, initial=initial)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["file"] == before
        assert "file" not in form.changed_data


def test_a_new_file_goes_before_the_one_that_was_there(person):
    before = StoredFileFactory()
    form = sent(
        person, {"file-berkas": str(before.pk)}, {"file": an_upload(picture_bytes(), "sk.jpg")},
        initial={"file": before},
    )  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"].media_type == "image/jpeg"
    assert "file" in form.changed_data


def test_the_page_shows_what_was_chosen_and_holds_nothing_inline(person):
    before = StoredFileFactory(original_name="<b>SK</b>.pdf")
    html = Sk(by=person, at=NOON, initial={"file": before}).as_p()
    assert "&lt;b&gt;SK&lt;/b&gt;.pdf" in html
    assert f'href="/berkas/{before.pk}/"' in html
    assert " style=" not in html
    assert "<script" not in html
    assert 'accept=".jpg,.jpeg,.png,.webp,image/jpeg,image/png,image/webp"' in html
    assert 'data-scale="1600"' in html
    assert html.count('data-scale="0"') == 1


def test_a_form_that_does_not_know_who_sends_it_is_a_mistake_of_ours():
    class Untold(forms.Form):
        file = FileField()

    form = Untold({}, {"file": an_upload(pdf_bytes())})
    with pytest.raises(TypeError, match="by="):
        form.is_valid()
    told = Untold({}, {"file": an_upload(pdf_bytes())})
    tell_files(told, by=a_person(), at=NOON)
    assert told.is_valid()


def test_two_forms_do_not_share_what_was_taken_in(person):
    first = sent(person, files={"file": an_upload(pdf_bytes())})
    assert first.is_valid()
    assert not sent(a_person()).is_valid()
