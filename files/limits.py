"""What may come in, and how much of it: one place for the checks, the sandbox and the sentences. No Django here."""

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 300
MAX_PIXELS = 50_000_000
# A longer side is reduced: A4 at 300 dots an inch has 3508.
MAX_SIDE = 4000

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
}
ALLOWED = frozenset(EXTENSIONS)
PICTURES = ALLOWED - {"application/pdf"}

# A part as the browser sends it (interface.md); the server writes in steps of the same length.
PART_BYTES = 512 * 1024
OPEN_UPLOADS_PER_PERSON = 20
UPLOAD_LASTS_HOURS = 48
