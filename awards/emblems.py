"""
A file for the slot of the emblem: SVG, or PNG where there is none. No emblem is drawn, altered or shipped here.

An SVG can hold a program, ask for other files, or never end: so only shapes, plain colours and gradients may stand in
it, each element and attribute on a list. What is not on it is named and refused; nothing is mended (UU 24/2009
forbids an altered emblem). The file is kept byte for byte. Knows no models.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from .certificate_text import Unprintable

VECTOR, PIXELS = "image/svg+xml", "image/png"
VECTOR_MOST, PIXELS_MOST = 512 * 1024, 1024 * 1024
ELEMENTS_MOST, DEPTH_MOST = 4000, 24
# The slot is 20 mm high, so this is 600 dots an inch; and what pixels may weigh then, on each of the certificates.
PIXELS_HIGH, PIXELS_KEPT_MOST = 472, 384 * 1024
_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_ADVICE = "Simpan lambang sebagai SVG biasa (plain SVG), semua tulisan dijadikan kurva, lalu unggah lagi."

_PAINT = {
    "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset", "opacity", "clip-rule", "color",
    "display", "stop-color", "stop-opacity",
}  # fmt: skip
_EVERYWHERE = {"id", "class", "transform", "style", *_PAINT}
_GRADIENT = {"gradientUnits", "gradientTransform", "href", f"{_XLINK}href"}
_ALLOWED: dict[str, set[str]] = {
    "svg": {"version", "width", "height", "viewBox", "preserveAspectRatio", "x", "y", "enable-background"},
    "g": set(), "defs": set(), "title": set(), "desc": set(),
    "path": {"d"},
    "rect": {"x", "y", "width", "height", "rx", "ry"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "line": {"x1", "y1", "x2", "y2"},
    "polyline": {"points"}, "polygon": {"points"},
    "linearGradient": {"x1", "y1", "x2", "y2", *_GRADIENT},
    "radialGradient": {"cx", "cy", "r", "fx", "fy", *_GRADIENT},
    "stop": {"offset"},
}  # fmt: skip
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# A colour, a number, a word; of addresses only one within the file itself.
_VALUE = re.compile(r"[#\w\s.,%+()\-]*")
_OWN = re.compile(r"url\(#[\w.\-]+\)")
_GRADIENTS = {"linearGradient", "radialGradient"}


class UnusableEmblem(Unprintable):
    """The file cannot stand in the slot of the emblem."""


@dataclass(frozen=True)
class Checked:
    data: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@lru_cache(maxsize=4)
def check_vector(data: bytes) -> None:
    """Raise UnusableEmblem unless every element and attribute of this SVG is one that may stand there."""
    if len(data) > VECTOR_MOST:
        raise UnusableEmblem(
            f"Lambang SVG paling besar {VECTOR_MOST // 1024} KB; berkas ini {len(data) // 1024} KB. {_ADVICE}"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableEmblem(f"Lambang SVG harus ditulis dalam UTF-8. {_ADVICE}") from None
    # Before it is parsed: no declarations of types or entities, no instructions to a program.
    if re.search(r"<!(?!--)|<\?(?!xml\s)", text):
        raise UnusableEmblem(
            f"Lambang SVG berisi deklarasi yang tidak diperbolehkan (DOCTYPE, ENTITY). {_ADVICE}"
        )
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without declarations it can only say what it says
    except ElementTree.ParseError as error:
        raise UnusableEmblem(f"Lambang SVG tidak dapat dibaca: {error}. {_ADVICE}") from None
    if root.tag != f"{_SVG}svg":
        raise UnusableEmblem(f"Berkas ini bukan gambar SVG. {_ADVICE}")
    _check_elements(root)
    _check_size(root)


def _check_elements(root: ElementTree.Element) -> None:
    gradients = {}
    for count, (element, depth) in enumerate(_walk(root), start=1):
        if count > ELEMENTS_MOST or depth > DEPTH_MOST:
            raise UnusableEmblem(
                f"Lambang SVG terlalu rumit: paling banyak {ELEMENTS_MOST} bagian. {_ADVICE}"
            )
        name = _check_element(element)
        if name in _GRADIENTS:
            gradients[element.get("id")] = element
        elif name == "svg" and depth:
            raise UnusableEmblem(f"Lambang SVG berisi gambar di dalam gambar. {_ADVICE}")
    for gradient in gradients.values():
        target = _target(gradient)
        if target and (target not in gradients or _target(gradients[target])):
            raise UnusableEmblem(f"Lambang SVG merujuk warna bertingkat yang tidak ada. {_ADVICE}")


def _check_element(element: ElementTree.Element) -> str:
    name = str(element.tag).removeprefix(_SVG)
    if name not in _ALLOWED or not str(element.tag).startswith(_SVG):
        raise UnusableEmblem(
            f"Lambang SVG berisi bagian yang tidak diperbolehkan: {_plain(element.tag)}. {_ADVICE}"
        )
    for attribute, value in element.attrib.items():
        if attribute == _SPACE:
            continue
        if attribute not in _EVERYWHERE and attribute not in _ALLOWED[name]:
            raise UnusableEmblem(
                f"Lambang SVG berisi isian yang tidak diperbolehkan: {_plain(attribute)} pada {name}. {_ADVICE}"
            )
        _check_value(attribute, value)
    return name


def _check_value(attribute: str, value: str) -> None:
    if attribute == "style":
        for line in filter(None, (part.strip() for part in value.split(";"))):
            name, _, given = line.partition(":")
            if name.strip() not in _PAINT:
                raise UnusableEmblem(
                    f"Lambang SVG berisi gaya yang tidak diperbolehkan: {name.strip()[:40]}. {_ADVICE}"
                )
            _check_value(name.strip(), given)
        return
    if attribute in ("href", f"{_XLINK}href"):
        if not re.fullmatch(r"#[\w.\-]+", value):
            raise UnusableEmblem(f"Lambang SVG merujuk berkas lain: {value[:60]}. {_ADVICE}")
        return
    plain = _OWN.sub("", value)
    if "url" in plain.lower() or (attribute in _PAINT and not _VALUE.fullmatch(plain)):
        raise UnusableEmblem(
            f"Lambang SVG merujuk berkas lain pada {_plain(attribute)}: {value[:60]}. {_ADVICE}"
        )


def _check_size(root: ElementTree.Element) -> None:
    """A picture needs a shape of its own, so that it is neither stretched nor empty."""
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        numbers = [float(part) for part in box]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(0 < side < 1e6 for side in numbers[2:]):
        raise UnusableEmblem(f"Lambang SVG tidak menyebut ukurannya (viewBox). {_ADVICE}")


def _walk(element: ElementTree.Element, depth: int = 0) -> Iterator[tuple[ElementTree.Element, int]]:
    waiting = [(element, depth)]
    while waiting:
        one, at = waiting.pop()
        yield one, at
        waiting.extend((child, at + 1) for child in one)


def _target(gradient: ElementTree.Element) -> str:
    return (gradient.get("href") or gradient.get(f"{_XLINK}href") or "").removeprefix("#")


def _plain(name: object) -> str:
    return re.sub(r"^\{[^}]*\}", "", str(name))[:40]
