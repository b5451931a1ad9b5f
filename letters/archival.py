"""What makes an accessible PDF (PDF/UA-1) one for archives too (PDF/A-3a): its colours declared, both said in it."""

from functools import cache
from importlib.resources import files
from typing import Any

# The name under which a document's colours are declared.
PROFILE = "--srgb"
OPTIONS = {"pdf_variant": "pdf/a-3a", "output_intent": PROFILE}
# PDF/A asks that a name of metadata which it does not know (pdfuaid) is explained in the file.
_ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289 that the file keeps</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""  # noqa: E501


class Profile:
    """
    The colours of a document, sRGB, as PDF/A wants them declared: the International Color Consortium's file as it is.

    WeasyPrint's own class leaves the file open and writes other bytes for the first document than for the next.
    """

    name = "sRGB2014"
    components = ("r", "g", "b")
    pdf_reference: bytes | None = None

    def __init__(self, content: bytes) -> None:
        self.content = content


@cache
def profile() -> Profile:
    return Profile((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())


def also_accessible(_document: Any, pdf: Any) -> None:
    """As WeasyPrint's finisher: say that a file written as PDF/A keeps PDF/UA-1 too."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    before, end, after = metadata.stream[0].rpartition(b"</rdf:RDF>")
    metadata.stream[0] = before + _ACCESSIBLE + end + after
