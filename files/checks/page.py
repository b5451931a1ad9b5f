"""One page of a PDF as a picture, for reading beside the screening checklist."""

from pathlib import Path

import pypdfium2

from files.checks.refusal import No

WIDTH = 1240  # A4 at 150 dots an inch
_MAX_HEIGHT = 4 * WIDTH


def draw(path: Path, number: int, target: Path) -> dict[str, int]:
    """
    Write page `number` (from 1) as PNG to `target`, WIDTH pixels wide, less where the page is a long strip.

    Returns {"width": …, "height": …}; raises No("no_such_page") or No("broken"). Comments and stamps are drawn,
    forms are not filled in, nothing is run.
    """
    try:
        document = pypdfium2.PdfDocument(path)
        if not 1 <= number <= len(document):
            raise No("no_such_page")
        page = document[number - 1]
        width, height = page.get_size()
        if width <= 0 or height <= 0:
            raise No("broken")
        scale = min(WIDTH / width, _MAX_HEIGHT / height)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    except pypdfium2.PdfiumError:
        raise No("broken") from None
    # Letters on paper need few colours, and a weak line few bytes.
    with target.open("wb") as file:
        picture.quantize(64).save(file, "PNG", optimize=True)
    return {"width": picture.width, "height": picture.height}
