//! SHA-256 as lower-case hex: the identity of inputs, findings and corrections.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Bytes read at a time.
const CHUNK_BYTES: usize = 64 * 1024;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// SHA-256 of some bytes as 64 lower-case hex digits.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// The same over all that a reader gives, without holding it. Errors: the reader's.
pub fn sha256_hex_of(mut reader: impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match reader.read(&mut chunk)? {
            0 => return Ok(hex(&digest.finalize())),
            length => digest.update(&chunk[..length]),
        }
    }
}

/// Bytes as lower-case hex, two digits each.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_test_vector_of_sha_256_comes_out() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex("abc"), expected);
        assert_eq!(sha256_hex_of("abc".as_bytes()).expect("reads"), expected);
        assert_eq!(hex(&[0x00, 0x0f, 0xa0]), "000fa0");
    }
}
