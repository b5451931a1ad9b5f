"""A picture is made anew: what is kept holds pixels, and nothing that the file said about itself or its maker."""

import io
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from files.checks.refusal import No
from files.limits import MAX_PIXELS, MAX_SIDE

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# A cover picture (MPO) is how phones add depth or a preview: its first picture is the photo.
_SAME_AS = {"MPO": "JPEG"}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False


def remake(path: Path, kind: str, target: Path, height: int = MAX_SIDE) -> dict[str, int]:
    """
    Write the picture at `path` anew to `target`, upright, in sRGB, at most MAX_SIDE pixels wide and `height` high.

    Returns {"width": …, "height": …} of what was written; raises No("too_many_pixels"), No("animated") or
    No("broken").
    """
    wanted = _FORMATS[kind]
    try:
        with Image.open(path, formats=[wanted]) as source:
            if _SAME_AS.get(source.format or "", source.format) != wanted:
                raise No("broken")
            _refuse_by_its_header(source)
            if wanted == "JPEG":
                # A JPEG can be unpacked at a half or a quarter, which a large photo needs no more than.
                share = min(MAX_SIDE / max(source.size), 1)
                source.draft(None, (int(source.width * share), int(source.height * share)))
            source.load()
            picture = ImageOps.exif_transpose(source)
            profile = source.info.get("icc_profile")
        picture = _in_srgb(picture, profile)
        picture.thumbnail((MAX_SIDE, height), Image.Resampling.LANCZOS)
    except Image.DecompressionBombError:
        raise No("too_many_pixels", limit=MAX_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, TypeError, EOFError):
        raise No("broken") from None
    _write(picture, wanted, target)
    return {"width": picture.width, "height": picture.height}


def _refuse_by_its_header(source: Image.Image) -> None:
    width, height = source.size
    if width < 1 or height < 1:
        raise No("broken")
    if width * height > MAX_PIXELS:
        raise No("too_many_pixels", width=width, height=height)
    if source.format != "MPO" and getattr(source, "n_frames", 1) > 1:
        raise No("animated")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture as 1, L, LA, RGB or RGBA without a profile; colours of a profile are converted."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return _eight_bits(picture)
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode in ("PA", "La", "RGBa", "LA") or (
        picture.mode == "RGB" and "transparency" in picture.info
    ):
        picture = picture.convert("RGBA")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        picture = _converted(picture, profile)
    return picture if picture.mode in ("1", "L", "RGB", "RGBA") else picture.convert("RGB")


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        into = "RGBA" if picture.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=into)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile, or one for other colours: as if it had none
    return converted or picture


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, as scanners make it, to 8: the brightest possible stays white."""
    wide = picture.convert("I")
    return wide.point(lambda level: level * (1 / 256)).convert("L")


def _write(picture: Image.Image, wanted: str, target: Path) -> None:
    picture.info = {}
    with target.open("wb") as file:
        if wanted == "JPEG":
            picture = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
            picture.save(file, "JPEG", quality=90, optimize=True, exif=b"", icc_profile=None)
        elif wanted == "PNG":
            picture.save(file, "PNG", compress_level=6, exif=b"", icc_profile=None)
        else:
            picture = picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")
            picture.save(file, "WEBP", quality=90, method=4, exif=b"", icc_profile=None, xmp=b"")
