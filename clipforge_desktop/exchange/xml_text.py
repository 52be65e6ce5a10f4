"""An XML tree as the text of a document, and short ways to build one."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring


def xml_text(root: Element, doctype: str) -> str:
    """The whole document, indented, in UTF-8 when written so."""
    indent(root, " ")
    body = tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {doctype}>\n{body}\n'


def add_text(parent: Element, tag: str, value: object) -> Element:
    """`<tag>value</tag>` at the end of `parent`; truth as Premiere writes it."""
    child = SubElement(parent, tag)
    child.text = str(value).upper() if isinstance(value, bool) else str(value)
    return child
