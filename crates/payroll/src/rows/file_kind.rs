//! What a file is by its first bytes: a text, a workbook, or something that is called what it is.

/// First bytes of a file that tell what it is.
pub(crate) const HEAD_BYTES: usize = 512;
/// The first bytes of a zip archive, which new workbooks are, and of the compound file that old ones are.
const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const MARK: &[u8] = b"\xef\xbb\xbf";
/// First bytes of files that hold no table, what they are, and what to do.
const OTHERS: [(&[u8], &str, &str); 16] = [
    (b"%PDF", "a PDF document", "export the report as CSV or as a workbook"),
    (b"PK\x05\x06", "an empty zip archive", "check that the export ran to its end"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    (b"Rar!", "a RAR archive", "unpack it"),
    (b"BZh", "packed with bzip2", "unpack it; only gzip is unpacked here"),
    (b"\xfd7zXZ", "packed with xz", "unpack it; only gzip is unpacked here"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "unpack it; only gzip is unpacked here"),
    (b"-----BEGIN PGP", "encrypted with PGP", "decrypt it"),
    (b"PAR1", "a Parquet file", "export it as CSV"),
    (b"SQLite format 3", "a SQLite database", "export the table as CSV"),
    (b"\x89PNG", "a picture", "export the table as CSV"),
    (b"\xff\xd8\xff", "a picture", "export the table as CSV"),
    (b"{\\rtf", "a document of a word processor", "export the table as CSV"),
    (b"{\"", "JSON", "export the table as CSV"),
    (b"[{", "JSON", "export the table as CSV"),
    (b"ISA*", "an EDI file", "export the table as CSV"),
];
/// How texts begin, in lower case, that are markup.
const MARKUP: [(&str, &str); 7] = [
    ("<!doctype html", "an HTML page"),
    ("<html", "an HTML page"),
    ("<head", "an HTML page"),
    ("<table", "an HTML page"),
    ("<meta", "an HTML page"),
    ("<?xml", "XML"),
    ("<workbook", "XML"),
];

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Text,
    /// A zip archive or compound file: a workbook unless its inside says otherwise.
    Workbook,
    Other {
        is: &'static str,
        advice: &'static str,
    },
}

impl FileKind {
    /// Tells it by the first bytes.
    pub fn of_head(head: &[u8]) -> FileKind {
        if head.starts_with(ZIP) || head.starts_with(COMPOUND) {
            return FileKind::Workbook;
        }
        if let Some((_, is, advice)) = OTHERS.iter().find(|(first, ..)| head.starts_with(first)) {
            return FileKind::Other { is, advice };
        }
        let text = head.strip_prefix(MARK).unwrap_or(head).trim_ascii_start();
        let begins =
            |markup: &str| text.len() >= markup.len() && text[..markup.len()].eq_ignore_ascii_case(markup.as_bytes());
        match MARKUP.iter().find(|(markup, _)| begins(markup)) {
            Some((_, is)) => {
                let advice =
                    "a sign-in page or a report for the browser may have been saved; export it as CSV or as a workbook";
                FileKind::Other { is, advice }
            }
            None => FileKind::Text,
        }
    }
}

/// What a file is that holds no table, by its first bytes, and what to do.
pub fn no_table(head: &[u8]) -> Option<String> {
    match FileKind::of_head(&head[..head.len().min(HEAD_BYTES)]) {
        FileKind::Other { is, advice } => Some(format!("it is {is}: expected a table as CSV or a workbook; {advice}")),
        FileKind::Text | FileKind::Workbook => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_what_its_first_bytes_say() {
        let is = |head: &[u8]| match FileKind::of_head(head) {
            FileKind::Other { is, .. } => is,
            FileKind::Workbook => "workbook",
            FileKind::Text => "text",
        };
        assert_eq!(is(b"%PDF-1.7"), "a PDF document");
        assert_eq!(is(b"\xef\xbb\xbf\r\n <!DOCTYPE HTML>"), "an HTML page");
        assert_eq!(is(b"PK\x03\x04\x14"), "workbook");
        assert_eq!(is(b"ID,Name\n"), "text");
        assert_eq!(is(b""), "text");
    }
}
