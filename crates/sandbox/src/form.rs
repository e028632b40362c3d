//! Percent-decoding of paths, queries and form bodies.

use percent_encoding::percent_decode_str;

/// `a=1&b=2` in order, decoded, repeated names kept.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Every value of one name.
pub fn all<'a>(pairs: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
}

/// One path segment or form value; bytes that are no UTF-8 become replacement characters.
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
