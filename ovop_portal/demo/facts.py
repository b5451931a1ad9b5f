"""
What the demo shows. Public on record: the name, product, commodity, region and five stars of the four IKM of 2018
(sources in README.md). Everything else here is an example and is marked as one wherever it is shown.
"""

from dataclasses import dataclass

FINISHED_ROUND = 2018
RUNNING_ROUND = 2026


@dataclass(frozen=True)
class Candidate:
    """One nomination of the demo: who, what, where, and the example answers."""

    ikm: str
    product: str
    group: str
    regency: str
    sentra: str
    village: str
    district: str
    nib: str
    started_year: int
    workers: int
    local_content: int
    raw_material: str
    story: str
    marketing: str


FOUR_OF_2018 = (
    Candidate(
        ikm="PT Tama Cokelat Indonesia",
        product="Dodol cokelat",
        group="makanan_minuman",
        regency="3205",
        sentra="Sentra Dodol dan Olahan Cokelat Garut (contoh)",
        village="Contoh",
        district="Tarogong Kidul",
        nib="1201180000011",
        started_year=2009,
        workers=84,
        local_content=85,
        raw_material="Beras ketan, santan, dan gula aren dari Kabupaten Garut; biji kakao dari Jawa Barat.",
        story="Dodol, penganan khas Garut, dipadukan dengan cokelat: rasa lama dalam bentuk yang dapat dikirim jauh.",
        marketing="Gerai sendiri di Garut, toko oleh-oleh di Bandung dan Jakarta, serta penjualan daring.",
    ),
    Candidate(
        ikm="Tenun Antik Hj. Fatimah Sayuthi",
        product="Kain tenun songket Pandai Sikek",
        group="kain_tenun",
        regency="1304",
        sentra="Sentra Tenun Pandai Sikek (contoh)",
        village="Pandai Sikek",
        district="X Koto",
        nib="1201180000022",
        started_year=1976,
        workers=32,
        local_content=60,
        raw_material="Benang katun dan sutra, benang emas; pewarna alam dari nagari sekitar.",
        story="Songket ditenun dengan tangan di Pandai Sikek; motifnya diajarkan dari ibu kepada anak.",
        marketing="Rumah tenun di Pandai Sikek, pameran kerajinan nasional, dan pesanan dari luar negeri.",
    ),
    Candidate(
        ikm="Batik Winotosastro",
        product="Batik tulis Yogyakarta",
        group="kain_batik",
        regency="3471",
        sentra="Sentra Batik Kota Yogyakarta (contoh)",
        village="Contoh",
        district="Mantrijeron",
        nib="1201180000033",
        started_year=1940,
        workers=61,
        local_content=70,
        raw_material="Kain mori primissima; malam dan pewarna soga diolah di rumah batik.",
        story="Rumah batik keluarga di Yogyakarta yang mengerjakan batik tulis dari mori sampai pelorodan.",
        marketing="Ruang pamer dan lokakarya bagi pengunjung, pesanan lembaga, serta ekspor.",
    ),
    Candidate(
        ikm="UD Mawar Art Shop",
        product="Anyaman ketak",
        group="anyaman",
        regency="5201",
        sentra="Sentra Anyaman Ketak Lombok Barat (contoh)",
        village="Contoh",
        district="Narmada",
        nib="1201180000044",
        started_year=1988,
        workers=120,
        local_content=95,
        raw_material="Ketak, sejenis paku-pakuan merambat, dari hutan Lombok; rotan untuk rangka.",
        story="Ketak dianyam perajin di rumah masing-masing; satu tas dapat memakan waktu dua pekan.",
        marketing="Toko di Lombok Barat, hotel, dan pembeli di Jepang serta Eropa.",
    ),
)

# The running round: invented producers along the way, so that each role has work at hand. "assigned": the panel has
# said nothing yet; "scoring": all of it have sent their sheets but the first; "assessed": the plenary can begin;
# "objected": refused by two of the secretariat, and its dinas objects.
RUNNING = (
    ("draft", Candidate(
        ikm="KUB Contoh Lestari", product="Keripik singkong daun jeruk", group="makanan_minuman", regency="3205",
        sentra="Sentra Makanan Ringan Contoh", village="Contoh", district="Cilawu", nib="9120000000011",
        started_year=2014, workers=12, local_content=100, raw_material="Singkong dan daun jeruk dari Cilawu.",
        story="Resep keluarga yang dikerjakan bersama dua belas tetangga.", marketing="",
    )),
    ("submitted", Candidate(
        ikm="CV Contoh Rasa Priangan", product="Sambal cibiuk", group="makanan_minuman", regency="3205",
        sentra="Sentra Makanan Ringan Contoh", village="Contoh", district="Cibiuk", nib="9120000000022",
        started_year=2011, workers=9, local_content=90, raw_material="Cabai, tomat, dan kemangi dari Cibiuk.",
        story="Sambal dari Cibiuk dalam kemasan yang tahan dikirim.", marketing="Toko oleh-oleh dan daring.",
    )),
    ("submitted", Candidate(
        ikm="Kelompok Contoh Anyam Rajapolah", product="Tas anyaman pandan", group="anyaman", regency="3206",
        sentra="Sentra Anyaman Contoh", village="Contoh", district="Rajapolah", nib="9120000000033",
        started_year=1999, workers=45, local_content=100, raw_material="Daun pandan dari Tasikmalaya.",
        story="Pandan dijemur, dibelah, diwarnai, lalu dianyam di rumah.", marketing="Butik dan pesanan ekspor.",
    )),
    ("endorsed", Candidate(
        ikm="UD Contoh Batik Tirtonirmolo", product="Batik cap pewarna alam", group="kain_batik", regency="3471",
        sentra="Sentra Batik Kota Yogyakarta (contoh)", village="Contoh", district="Kraton", nib="9120000000044",
        started_year=2003, workers=18, local_content=65, raw_material="Mori, indigo, dan kulit kayu mahoni.",
        story="Cap tembaga lama, warna dari kulit kayu.", marketing="Gerai sendiri dan pameran.",
    )),
    ("eligible", Candidate(
        ikm="Koperasi Contoh Tenun Sukarara", product="Kain tenun ikat Lombok", group="kain_tenun", regency="5202",
        sentra="Sentra Tenun Contoh", village="Sukarara", district="Jonggat", nib="9120000000055",
        started_year=1995, workers=70, local_content=55, raw_material="Benang katun; pewarna dari kulit manggis.",
        story="Setiap perempuan di desa belajar menenun sebelum menikah.", marketing="Koperasi dan hotel.",
    )),
    ("assigned", Candidate(
        ikm="UD Contoh Gerabah Banyumulek", product="Kendi maling", group="gerabah", regency="5201",
        sentra="Sentra Gerabah Contoh", village="Banyumulek", district="Kediri", nib="9120000000066",
        started_year=1991, workers=26, local_content=100, raw_material="Tanah liat dari Banyumulek dan Kediri.",
        story="Kendi yang diisi dari bawah dan tidak tumpah.", marketing="Pasar seni dan pesanan hotel.",
    )),
    ("scoring", Candidate(
        ikm="KUB Contoh Tenun Pringgasela", product="Kain tenun Pringgasela", group="kain_tenun", regency="5203",
        sentra="Sentra Tenun Pringgasela (contoh)", village="Pringgasela", district="Pringgasela",
        nib="9120000000077", started_year=1987, workers=38, local_content=60,
        raw_material="Benang katun; warna dari akar mengkudu dan daun tarum.",
        story="Selembar kain diselesaikan dalam sebulan.", marketing="Galeri desa dan pameran.",
    )),
    ("returned", Candidate(
        ikm="UD Contoh Dorokdok Sukaregang", product="Dorokdok kulit sapi", group="makanan_minuman", regency="3205",
        sentra="Sentra Makanan Ringan Contoh", village="Contoh", district="Garut Kota", nib="9120000000088",
        started_year=2008, workers=14, local_content=80, raw_material="Kulit sapi dari penyamakan di Sukaregang.",
        story="Kerupuk dari sisa kulit yang dahulu terbuang.", marketing="Toko oleh-oleh.",
    )),
    ("objected", Candidate(
        ikm="UD Contoh Bambu Selaawi", product="Kap lampu anyaman bambu", group="anyaman", regency="3205",
        sentra="Sentra Anyaman Bambu Contoh", village="Contoh", district="Selaawi", nib="9120000000123",
        started_year=2006, workers=16, local_content=100, raw_material="Bambu tali dari Selaawi.",
        story="Bilah bambu dianyam mengikuti cetakan kayu.", marketing="Pameran dan pesanan kafe.",
    )),
    ("assigned", Candidate(
        ikm="Koperasi Contoh Kopi Sembalun", product="Kopi arabika Sembalun", group="makanan_minuman",
        regency="5203", sentra="Sentra Kopi Contoh", village="Contoh", district="Sembalun", nib="9120000000099",
        started_year=2012, workers=52, local_content=100, raw_material="Kopi arabika dari lereng Rinjani.",
        story="Dipetik merah, dijemur di para-para, disangrai di koperasi.", marketing="Kedai kopi dan daring.",
    )),
    ("assessed", Candidate(
        ikm="Kelompok Contoh Batik Garutan", product="Batik tulis garutan", group="kain_batik", regency="3205",
        sentra="Sentra Batik Contoh", village="Contoh", district="Garut Kota", nib="9120000000112",
        started_year=1979, workers=22, local_content=50, raw_material="Mori, malam, dan pewarna soga.",
        story="Warna gumading, kuning gading khas Garut.", marketing="Ruang pamer, pesanan seragam, pameran.",
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Assessor:
    name: str
    title_before: str
    title_after: str
    office: str


# Nine example assessors: ministry, associations of the field (domain.md), campuses.
OFFICES = (
    ("gapmmi", "association", "GAPMMI"),
    ("ybi", "association", "Yayasan Batik Indonesia"),
    ("cti", "association", "Cita Tenun Indonesia"),
    ("himki", "association", "HIMKI"),
    ("kampus-contoh", "campus", "Fakultas Seni Rupa dan Desain (contoh)"),
)
ASSESSORS = (
    Assessor("Contoh Rahmawati", "Dr.", "S.T.P., M.Si.", "gapmmi"),
    Assessor("Contoh Prasetyo", "", "S.Sn.", "ybi"),
    Assessor("Contoh Kartika", "Hj.", "", "cti"),
    Assessor("Contoh Wibowo", "Ir.", "M.T.", "himki"),
    Assessor("Contoh Nasution", "Prof. Dr.", "M.Sn.", "kampus-contoh"),
    Assessor("Contoh Siregar", "", "S.E.", "kemenperin"),
    Assessor("Contoh Anggraini", "", "S.T., M.M.", "kemenperin"),
    Assessor("Contoh Hidayat", "", "S.T.", "kemenperin"),
    Assessor("Contoh Lestari", "", "S.Ds.", "kemenperin"),
)

# Who of ASSESSORS, counted from 1, makes the panel of a commodity group: each has somebody from outside the ministry.
PANELS = {
    "makanan_minuman": (1, 6, 7),
    "kain_tenun": (3, 8, 9),
    "kain_batik": (2, 5, 8),
    "anyaman": (4, 6, 9),
    "gerabah": (5, 4, 7),
}
