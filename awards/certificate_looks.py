"""What a certificate may look like beyond its words: the choices of a design, in words, and nothing that is not here."""

from .certificate_text import ORNAMENTS

# Every frame and colour is a class of awards/certificate.css; the first of each is how the portal ships it.
FRAMES = {
    "pita": "Pita ragam hias di sisi kiri",
    "bingkai": "Ragam hias di tepi atas dan bawah",
    "polos": "Tanpa ragam hias",
}
COLOURS = {"tarum": "Tarum (biru nila)", "daun": "Daun (hijau)", "soga": "Soga (cokelat)"}
ORNAMENT_NAMES = {
    "tenun": "Tenun",
    "batik": "Batik",
    "anyaman": "Anyaman",
    "gerabah": "Gerabah",
    "makanan": "Makanan dan minuman",
    "lainnya": "Segitiga",
}
SHIPPED_FRAME, SHIPPED_COLOUR = "pita", "tarum"

if set(ORNAMENT_NAMES) != set(ORNAMENTS):
    raise AssertionError("an ornament has no name, or a name no ornament")
