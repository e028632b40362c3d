//! The report as one page that needs nothing but a browser: no network, no other file. Its style and its script stand
//! in it and are named by their hashes in its own security policy, so that nothing else of it can run.

mod data;
mod looked;
mod section;
mod view;

use askama::Template as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use tieout_model::hash::sha256_hex;

use crate::{PackFile, Report};
use view::View;

const STYLE: &str = include_str!("../../templates/style.css");
const SCRIPT: &str = include_str!("../../templates/script.js");

/// Its file in the pack.
pub const PAGE: &str = "index.html";

pub fn file(report: &Report) -> anyhow::Result<PackFile> {
    let bytes = View::of(report)?.render()?.into_bytes();
    Ok(PackFile { name: PAGE.into(), sha256: sha256_hex(&bytes), bytes, rows: None })
}

/// What the page may load and run.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

#[cfg(test)]
mod tests;
