"""Opens the CSV and the workbook of hostile texts in LibreOffice and compares each cell with what was written.

    cargo bench -p tieout-report --features testing --bench hostile -- 300000 target/hostile
    python3 benches/libreoffice.py target/hostile

Counts cells that have become formulas (must be 0) and texts that have changed. A CSV has no types: there a text that is
a number or a date to a spreadsheet is read as one, which is why ids stand a second time behind a mark; only these and
texts that a guard stands before are held against what was written.
"""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Comma, quote, UTF-8, from line 1, numbers and formulas recognised: as unsafe as it can be set.
CSV = "CSV:44,34,76,1,,0,false,true,false,false,false,0,true"
# Blanks and controls: what an OpenDocument cannot hold, or holds as another one. They are not compared.
UNSTABLE = re.compile("[\\x00-\\x20\\x7f-\\xa0\\ufffd\\ufffe\\uffff]+")
SHEET = "Unverified"


def opened(path, folder, extra):
    command = ["soffice", "--headless", *extra, "--convert-to", "ods", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / (path.stem + ".ods")


def paragraph(element):
    parts = [element.text or ""]
    for child in element:
        if child.tag == TEXT + "s":
            parts.append(" " * int(child.get(TEXT + "c", "1")))
        elif child.tag in (TEXT + "tab", TEXT + "line-break"):
            parts.append(" ")
        else:
            parts.append(paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def rows(ods, sheet):
    """Each row as cells: text, and whether it is a formula."""
    wanted = sheet is None
    with zipfile.ZipFile(ods) as archive, archive.open("content.xml") as content:
        for event, element in ElementTree.iterparse(content, events=("start", "end")):
            if event == "start":
                if element.tag == TABLE + "table":
                    wanted = sheet is None or element.get(TABLE + "name") == sheet
            elif element.tag == TABLE + "table-row":
                if wanted:
                    yield [
                        (" ".join(paragraph(p) for p in cell if p.tag == TEXT + "p"), TABLE + "formula" in cell.attrib)
                        for cell in element
                        for _ in range(min(int(cell.get(TABLE + "number-columns-repeated", "1")), 40))
                    ]
                element.clear()


def plain(text):
    return UNSTABLE.sub("", text)


def compare(name, ods, sheet, folder, columns, written):
    live = changed = cells = 0
    read = rows(ods, sheet)
    next(read)
    for line, row in zip((folder / "texts.ndjson").open(), read):
        texts = json.loads(line)
        live += sum(formula for _, formula in row)
        for column, which in columns:
            expected, found = written(texts[which], column), row[column][0] if column < len(row) else ""
            if expected is None:
                continue
            cells += 1
            if plain(expected) != plain(found):
                changed += 1
                if changed <= 5:
                    print(f"{name}: {expected!r} became {found!r}")
    print(f"{name}: {cells} texts compared, {changed} changed, {live} formulas")
    return live + changed


def in_csv(text, column):
    if column == 2:
        return "id:" + text
    guarded = re.match("^[\\s\\x00-\\x1f\\x7f-\\xa0\\u200b-\\u200f\\u2060\\ufeff]*[=+@-]", text)
    return "'" + text if guarded else None


def main(folder):
    book = opened(folder / "report.xlsx", folder, [])
    off = compare("workbook", book, SHEET, folder, [(1, 0), (2, 1), (3, 2)], lambda text, _: text)
    table = opened(folder / "unverified.csv", folder, [f"--infilter={CSV}"])
    off += compare("CSV", table, None, folder, [(1, 0), (2, 0), (3, 1), (4, 2)], in_csv)
    sys.exit(min(off, 1))


main(Path(sys.argv[1]))
