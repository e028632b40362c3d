//! Exports that were damaged on their way: a proposal or the reason why there is none, and whatever is written is TOML.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use tieout_propose::{Hints, Services, Site, propose, write};

static EXPORTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts");
    let entries = fs::read_dir(folder).expect("the layouts").map(|entry| entry.expect("one").path());
    entries.map(|path| fs::read(path.join("payroll.csv")).expect("an export")).collect()
});

/// Bytes are put in the place of others, at a place in 1/65,536 of the length.
fn damaged(mut bytes: Vec<u8>, damage: &[(u16, u8, Vec<u8>)]) -> Vec<u8> {
    for (at, cut, put) in damage {
        let at = usize::from(*at) * bytes.len() / (1 << 16);
        let end = (at + usize::from(*cut)).min(bytes.len());
        bytes.splice(at..end, put.iter().copied());
    }
    bytes
}

proptest! {
    #[test]
    fn a_damaged_export_gives_a_job_file_or_a_reason(
        export in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<u16>(), any::<u8>(), prop::collection::vec(any::<u8>(), 0..6)), 1..8),
    ) {
        let bytes = damaged(export.get(&EXPORTS).clone(), &damage);
        let hints = Hints { benefits: vec!["_Medical".to_owned()], ..Hints::default() };
        if let Ok(proposal) = propose(&bytes, &hints) {
            let site = Site { name: "a".to_owned(), files: vec!["p.csv".to_owned()], services: Services::Network };
            let file = write(&[proposal], &hints, &site);
            prop_assert!(file.text.parse::<toml::Table>().is_ok(), "{}", file.text);
        }
    }
}
