//! Encodings by the labels of the WHATWG Encoding Standard, which name nearly all that exports are written in.

use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::de::{Deserialize, Deserializer, Error};

/// How the characters of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// With or without a byte order mark; the mark of UTF-16 makes it UTF-16.
    Utf8,
    Windows1252,
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding of a label such as `utf-8`, `latin1`, `utf-16le`, `shift_jis`, in any case.
    pub fn of_label(label: &str) -> Option<Encoding> {
        let known = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
        Some(match known {
            _ if known == UTF_8 => Encoding::Utf8,
            _ if known == WINDOWS_1252 => Encoding::Windows1252,
            other => Encoding::Other(other),
        })
    }

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Windows1252 => "Windows-1252",
            Encoding::Other(other) => other.name(),
        }
    }

    /// The encoding and length of a byte order mark.
    pub(crate) fn of_mark(head: &[u8]) -> Option<(Encoding, usize)> {
        let (known, bytes) = encoding_rs::Encoding::for_bom(head)?;
        Some((if known == UTF_8 { Encoding::Utf8 } else { Encoding::Other(known) }, bytes))
    }

    /// Whether bytes of 0 are part of its characters.
    pub(crate) fn has_zero_bytes(self) -> bool {
        matches!(self, Encoding::Other(other) if other == UTF_16LE || other == UTF_16BE)
    }

    /// What turns the text of a file into UTF-8 before rows are cut. None for the two that are decoded cell by cell.
    pub(crate) fn decoder(self) -> Option<Decoder> {
        match self {
            Encoding::Utf8 | Encoding::Windows1252 => None,
            Encoding::Other(other) => Some(other.new_decoder_without_bom_handling()),
        }
    }
}

impl<'de> Deserialize<'de> for Encoding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Encoding, D::Error> {
        let label = String::deserialize(deserializer)?;
        let expected = "expected an encoding of the WHATWG list, such as `utf-8`, `windows-1252` or `utf-16le`";
        Encoding::of_label(&label).ok_or_else(|| D::Error::custom(format!("{expected}, found another text")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_encodings_in_any_case() {
        assert_eq!(Encoding::of_label("UTF-8"), Some(Encoding::Utf8));
        assert_eq!(Encoding::of_label("latin1"), Some(Encoding::Windows1252));
        assert_eq!(Encoding::of_label("Shift_JIS").map(Encoding::name), Some("Shift_JIS"));
        assert_eq!(Encoding::of_label("utf-16").map(Encoding::name), Some("UTF-16LE"));
        assert_eq!(Encoding::of_label("ebcdic"), None);
        assert_eq!(Encoding::of_label("iso-2022-kr"), None, "a label that stands for no text");
    }
}
