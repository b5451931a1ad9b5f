"""The public's pages are whole in English too: every sentence, every number and date, and each leads to its twin."""

import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.template import engines
from django.utils import timezone, translation
from django.utils.translation import templatize

from letters import wording
from nominations import reference
from nominations.models import DocumentKind, Phase
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_certificate
from tests.factories.nominations import NominationFactory, RoundFactory, a_phase, link_document
from tests.pages import main_of, needs_english, words_of

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PUBLIC_TEMPLATES = sorted(
    [
        *(ROOT / "templates" / "catalogue").glob("*.html"),
        *(ROOT / "templates" / "awards").glob("verify*.html"),
        *(ROOT / "templates" / "partials").glob("*.html"),
        *(ROOT / "templates" / name for name in ("base.html", "404.html", "500.html", "503.html")),
        *(ROOT / "templates" / "panduan" / name for name in ("masyarakat.html", "picture.html")),
    ]
)
# Python whose words reach a public page.
PUBLIC_MODULES = sorted(
    [
        *(ROOT / "catalogue").glob("*.py"),
        *(ROOT / "awards").glob("verification*.py"),
        ROOT / "awards" / "forms.py",
        ROOT / "awards" / "templatetags" / "award_words.py",
        ROOT / "ovop_portal" / "map_paths.py",
        ROOT / "ovop_portal" / "handbook.py",
        *(ROOT / "ovop_portal" / "templatetags").glob("ovop*.py"),
    ]
)
# Words that stand on nearly every Indonesian page and in no English one, nor in a name of the pages below.
INDONESIAN = re.compile(
    r"\b(dan|atau|dari|yang|dengan|untuk|pada|ini|tidak|oleh|belum|sudah|Anda|produk|bintang|piagam|penetapan|"
    r"pukul|tanggal|nomor|periode|halaman|cari|saring|urutkan|hapus|semua|jumlah|berlaku|dicabut|diganti|kode|"
    r"berkas|periksa|hasil|katalog|tempat|provinsi)\b",
    re.IGNORECASE,
)


def entries() -> dict[str, list[str]]:
    """msgid -> its translations, as gettext reads the catalogue (a plural form has two)."""
    text = subprocess.run(
        ["msgattrib", "--no-wrap", "--no-fuzzy", str(CATALOGUE)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    found = {}
    for block in re.split(r"\n\n+", text):
        parts = re.findall(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)', block, re.M)
        words = {name: "".join(re.findall(r'"(.*)"', value)) for name, value in parts}
        if words:
            found[words["msgid"]] = [value for name, value in words.items() if name.startswith("msgstr")]
    return found


def messages_of(path: Path) -> set[str]:
    """The msgids that a template or module uses, as makemessages finds them."""
    source = path.read_text(encoding="utf-8")
    code = templatize(source, origin=str(path)) if path.suffix == ".html" else source
    done = subprocess.run(
        ["xgettext", "--language=Python", "--from-code=UTF-8", "--no-wrap", "--output=-",
         "--keyword=gettext_noop", "--keyword=gettext_lazy", "--keyword=ngettext_lazy:1,2", "--keyword=_", "-"],
        input=code, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    parts = re.findall(r'^msgid ((?:".*"\n)+)', done.stdout, re.M)
    return {"".join(re.findall(r'"(.*)"', part)) for part in parts} - {""}  # the header has no words


needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")


# --- The catalogue ----------------------------------------------------------------------------------------------
@needs_gettext
def test_every_sentence_of_a_public_page_has_its_english_and_none_is_a_guess():
    english = entries()
    assert "#, fuzzy" not in CATALOGUE.read_text(encoding="utf-8")
    missing = {
        f"{path.relative_to(ROOT)}: {message}"
        for path in (*PUBLIC_TEMPLATES, *PUBLIC_MODULES)
        for message in messages_of(path)
        if not all(english.get(message, [""]))
    }
    assert not missing


@needs_gettext
def test_the_look_for_sentences_finds_those_of_templates_and_of_modules():
    assert "Cari produk" in messages_of(ROOT / "templates" / "catalogue" / "home.html")
    assert "Pernah ditetapkan" in messages_of(ROOT / "catalogue" / "facets.py")


@needs_gettext
def test_placeholders_are_the_same_in_both_languages():
    for message, translations in entries().items():
        for text in translations if message else []:
            assert sorted(re.findall(r"%\(\w+\)s|\{\w+\}", text)) == sorted(
                re.findall(r"%\(\w+\)s|\{\w+\}", message)
            ), message


# Names that are the same in both languages.
NO_WORDS = {"OVOP", "Indonesia", "CSV", "JSON", "GeoJSON", "OpenAPI", "GET"}


def test_a_public_template_holds_no_words_outside_a_translation():
    """Letters between tags that no translate tag wrote would stay Indonesian on the English page."""
    bare = {}
    for path in PUBLIC_TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for pattern in (
            r"{% comment %}.*?{% endcomment %}",
            r"{% block page_class %}.*?{% endblock %}",
            r"{% blocktranslate.*?{% endblocktranslate %}",
            r"<(script|style|svg)\b.*?</\1>",
            r"{%.*?%}|{{.*?}}|<[^>]*>|&\w+;",
        ):
            text = re.sub(pattern, " ", text, flags=re.S)
        words = [word for word in re.findall(r"[A-Za-z]{3,}", text) if word not in NO_WORDS]
        if words:
            bare[path.name] = words
    assert bare == {"verify_answer.html": ["One", "Village", "One", "Product"]}


# --- The pages ----------------------------------------------------------------------------------------------------
@pytest.fixture
def portal(db):
    """A portal with everything that a public page can show; the addresses of its pages."""
    reference.load()
    nomination = NominationFactory(in_state="awarded", documented=False, product__name="Tas ketak")
    for code in ("halal", "merek", "hak_cipta", "ig", "sertifikat_mutu"):
        link_document(nomination, DocumentKind.objects.get(pk=code), expires_on=date(2031, 5, 6))
    decree = DecreeFactory(
        published=True, example=True, round=nomination.round, number="1214 TAHUN 2026",
        signatory_office="Menteri Perindustrian", valid_until=date(2031, 12, 31),
    )  # fmt: skip
    nomination.round.is_example = True
    nomination.round.save()
    award = AwardFactory(decree=decree, nomination=nomination, product=nomination.product, star=4)
    AwardFactory(decree=decree, product=ProductFactory(ikm=award.product.ikm), star=1)
    revoked = AwardFactory(
        decree=decree, revoked_at=timezone.now(), revocation_decree="SK 9/2027", revocation_reason="-"
    )
    ended = AwardFactory(
        decree__published=True, decree__valid_until=date(2020, 1, 1), decree__round__year=2013
    )
    RoundFactory(year=2030, open_phases=False)
    certificates = {
        "valid": a_certificate(award),
        "revoked": a_certificate(revoked),
        "expired": a_certificate(ended),
    }
    return [
        "/", "/katalog/", "/katalog/?tampilan=peta", "/katalog/?provinsi=32&bintang=5&bintang=1",
        "/katalog/?bintang=3&status=pernah", "/katalog/?q=zzz",
        f"/katalog/{award.slug}/", f"/katalog/{revoked.slug}/", f"/katalog/{ended.slug}/",
        f"/katalog/ikm/{award.product.ikm.slug}/", "/statistik/", "/statistik/?tahun=2013", "/data/", "/data/api/",
        "/hasil/", f"/hasil/{decree.round_id}/", f"/hasil/{decree.round_id}/?urut=-bintang", "/hasil/2030/",
        "/panduan/masyarakat/",
        "/verifikasi/", "/verifikasi/?kode=ABC", "/verifikasi/?kode=", "/verifikasi/0000000000000000/",
        *(f"/verifikasi/{one.code}/" for one in certificates.values()),
    ]  # fmt: skip


def english_words(client, address: str) -> str:
    answer = client.get(f"/en{address}")
    assert answer["Content-Language"] == "en"
    html = answer.content.decode()
    assert '<html lang="en"' in html
    without = re.sub(r"<(script|svg)\b.*?</\1>", " ", html, flags=re.S)
    words = re.sub(r"<[^>]*>", " ", without) + " ".join(
        re.findall(r'(?:aria-label|placeholder|content|alt|data-[\w-]+)="([^"]*)"', without)
    )
    for name in NAMES:
        words = words.replace(name, " ")
    return re.sub(r"https?://\S+", " ", words)


# What people, places and offices are called is not translated.
NAMES = [
    "Tas ketak", "Menteri Perindustrian Republik Indonesia", "Menteri Perindustrian", "Sentra Anyaman Rajapolah",
    "Harian Rakyat Bengkulu, Oktober 2024", "Bisnis.com, 22 Desember 2015", "artikel pers November 2020",
    "Kementerian Perindustrian Republik Indonesia", "1214 TAHUN 2026", "/verifikasi/berkas/", "peta-provinsi", "hapus-",
]  # fmt: skip


@needs_english
def test_every_public_page_opens_in_english_with_no_indonesian_left(client, portal):
    left = {}
    for address in portal:
        words = english_words(client, address)
        if found := {match[0] for match in INDONESIAN.finditer(words)}:
            left[address] = found
    assert not left


def test_the_list_of_marker_words_would_find_an_indonesian_page(client, portal):
    for address in portal:
        words = words_of(client.get(address))
        assert len(set(INDONESIAN.findall(words))) >= 3, address


@needs_english
def test_the_first_page_before_the_first_decree_is_english_too(client, db):
    round_ = RoundFactory(open_phases=False)
    for number, kind in enumerate(Phase.Kind):
        a_phase(
            round_,
            kind,
            opens_at=timezone.now() - timedelta(days=1),
            closes_at=timezone.now() + timedelta(days=number + 1),
        )
    words = english_words(client, "/")
    assert re.search(r"Current phase: Briefing, until \d+ [A-Z]\w+ \d{4} at \d\d:\d\d WIB\.", words)
    assert not INDONESIAN.search(words)


# --- The way to the twin ------------------------------------------------------------------------------------------
def test_each_page_names_its_twin_for_readers_and_for_search_engines(client, portal):
    for address in portal:
        path, _, query = address.partition("?")
        for here, other, code in ((path, f"/en{path}", "en"), (f"/en{path}", path, "id")):
            html = client.get(f"{here}?{query}" if query else here).content.decode()
            for language, twin in (("id", path), ("en", f"/en{path}"), ("x-default", path)):
                assert (
                    f'<link rel="alternate" hreflang="{language}" href="http://localhost:8000{twin}">' in html
                )
            shown = (f"{other}?{query}" if query else other).replace("&", "&amp;")
            assert f'<a href="{shown}" lang="{code}" hreflang="{code}"' in html, here


def test_a_page_without_a_twin_names_none_and_leads_to_the_english_first_page(client, db):
    html = client.get("/masuk/").content.decode()
    assert 'rel="alternate"' not in html
    assert '<a href="/en/" lang="en" hreflang="en"' in html


def test_without_a_prefix_a_page_is_indonesian_whatever_the_browser_asks_for(client, db):
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert '<html lang="id"' in answer.content.decode()


@needs_english
def test_links_of_an_english_page_stay_english(client, portal):
    for address in portal:
        hrefs = re.findall(r'<a [^>]*?href="(/[^"]*)"(?![^>]*hreflang)', main_of(client.get(f"/en{address}")))
        assert not [href for href in hrefs if not href.startswith("/en/")], address


# --- Stars, numbers, dates --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("star", "maximum", "indonesian", "english"),
    [
        (1, 5, "Bintang 1 dari 5", "One star out of five"),
        (4, 5, "Bintang 4 dari 5", "Four stars out of five"),
        (3, 3, "Bintang 3 dari 3", "Three stars out of three"),
    ],
)
def test_stars_are_told_in_words(star, maximum, indonesian, english):
    template = engines["django"].get_template("partials/stars.html")
    for language, words in (("id", indonesian), ("en", english)):
        with translation.override(language):
            assert words in template.render({"earned": star, "maximum": maximum})
    assert english.lower() == wording.stars_in_english(star, maximum)


@needs_english
def test_numbers_and_dates_are_written_as_each_language_writes_them(client, portal):
    (address,) = [one for one in portal if re.fullmatch(r"/hasil/20\d\d/", one) and "2030" not in one]
    assert "Berlaku sampai 31 Desember 2031" in words_of(client.get(address))
    assert "In force until 31 December 2031" in words_of(client.get(f"/en{address}"))
    template = engines["django"].from_string("{% load ovop %}{{ n|angka }} {{ n|angka:2 }}")
    for language, written in (("id", "1.234 1.234,00"), ("en", "1,234 1,234.00")):
        with translation.override(language):
            assert template.render({"n": 1234}) == written


def test_the_file_of_results_and_the_api_are_the_same_in_any_language(client, portal):
    (address,) = [one for one in portal if re.fullmatch(r"/hasil/20\d\d/", one) and "2030" not in one]
    files = [client.get(f"{prefix}{address}penghargaan.csv").content for prefix in ("", "/en")]
    assert files[0] == files[1]
