//! From the bytes of an export to its text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::certainty::Proposed;

/// Bytes in which an encoding without a mark is looked for.
const LOOKED_AT_BYTES: usize = 1 << 20;

pub struct Decoded {
    pub text: String,
    /// Name of the WHATWG encoding, in lower case.
    pub encoding: Proposed<String>,
}

/// Decodes; what the encoding does not know becomes a replacement character, as only names and words are looked at.
pub fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, proposed) = encoding_of(bytes);
    let (text, ..) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), encoding: proposed.map(|()| encoding.name().to_ascii_lowercase()) }
}

fn encoding_of(bytes: &[u8]) -> (&'static Encoding, Proposed<()>) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, Proposed::sure((), "the file begins with its byte order mark"));
    }
    if let Some(encoding) = without_mark_utf16(bytes) {
        return (encoding, Proposed::sure((), "every other byte is zero"));
    }
    if bytes.is_ascii() {
        return (UTF_8, Proposed::sure((), "all letters are plain ASCII"));
    }
    if std::str::from_utf8(bytes).is_ok() || cut_utf8(bytes) {
        return (UTF_8, Proposed::sure((), "letters with accents are valid UTF-8"));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(LOOKED_AT_BYTES)], true);
    let found = detector.guess(None, Utf8Detection::Deny);
    let reason = format!("letters with accents are not UTF-8 and fit {}", found.name().to_ascii_lowercase());
    match found {
        _ if found == WINDOWS_1252 => (found, Proposed::likely((), reason)),
        _ => (found, Proposed::asked((), reason + "; compare a name with an accent")),
    }
}

/// The last letter may be cut where only the head of a large file was read.
fn cut_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

fn without_mark_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(LOOKED_AT_BYTES)];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() * 2 / 5;
    match (zeros(0) > most, zeros(1) > most) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certainty::Certainty;

    #[track_caller]
    fn check(bytes: &[u8], encoding: &str, certainty: Certainty, text: &str) {
        let decoded = decode(bytes);
        assert_eq!((decoded.encoding.value.as_str(), decoded.encoding.certainty), (encoding, certainty));
        assert_eq!(decoded.text, text);
    }

    #[test]
    fn an_encoding_is_sure_where_the_bytes_prove_it() {
        check(b"id,pay", "utf-8", Certainty::Sure, "id,pay");
        check("id,prénom".as_bytes(), "utf-8", Certainty::Sure, "id,prénom");
        check(b"\xff\xfei\0d\0", "utf-16le", Certainty::Sure, "id");
        check(b"i\0d\0,\0p\0a\0y\0", "utf-16le", Certainty::Sure, "id,pay");
        check(b"\0i\0d\0,\0p\0a\0y", "utf-16be", Certainty::Sure, "id,pay");
    }

    #[test]
    fn an_old_code_page_is_likely_at_most() {
        check(
            b"Personalnummer;Name\n00101;M\xfcller, J\xf6rg\n00102;Gr\xfcn, Bj\xf6rn\n",
            "windows-1252",
            Certainty::Likely,
            "Personalnummer;Name\n00101;Müller, Jörg\n00102;Grün, Björn\n",
        );
    }
}
