//! A file of one JSON value a line, parsed on all cores and handed on in the order of the file, a few blocks in memory
//! at a time.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::num::NonZero;
use std::path::Path;

use anyhow::Context as _;

/// Bytes of one block, its last line aside.
const BLOCK_BYTES: u64 = 4 << 20;

/// Blocks parsed at a time; each costs memory.
const PARSERS_MAX: usize = 8;

/// Some whole lines, and the number of the first, from 1.
struct Block {
    text: Vec<u8>,
    first: u64,
}

/// Parses each line that is not blank and hands the value on. Errors name file and line.
pub(super) fn each_line<T: Send, E: std::error::Error + Send + Sync + 'static>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let place = |line: u64| format!("read line {line} of {}", path.display());
    let file = File::open(path).with_context(|| format!("open the recorded answers {}", path.display()))?;
    let mut reader = BufReader::new(file);
    let mut next = 1;
    loop {
        let blocks = read_blocks(&mut reader, &mut next).with_context(|| place(next))?;
        if blocks.is_empty() {
            return Ok(());
        }
        for (parsed, fault) in parse_blocks(&blocks, &parse) {
            for (line, value) in parsed {
                take(value).with_context(|| place(line))?;
            }
            if let Some((line, error)) = fault {
                return Err(anyhow::Error::new(error).context(place(line)));
            }
        }
    }
}

/// The values of a block with their lines, up to the first that can't be parsed.
type Parsed<T, E> = (Vec<(u64, T)>, Option<(u64, E)>);

fn parse_blocks<T: Send, E: Send>(
    blocks: &[Block],
    parse: &(impl Fn(&[u8]) -> Result<T, E> + Sync),
) -> Vec<Parsed<T, E>> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = blocks.iter().map(|block| scope.spawn(|| parse_block(block, parse))).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined.map(|parsed| parsed.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

fn parse_block<T, E>(block: &Block, parse: &impl Fn(&[u8]) -> Result<T, E>) -> Parsed<T, E> {
    let mut parsed = Vec::new();
    for (line, text) in (block.first..).zip(block.text.split(|byte| *byte == b'\n')) {
        if text.trim_ascii().is_empty() {
            continue;
        }
        match parse(text) {
            Ok(value) => parsed.push((line, value)),
            Err(error) => return (parsed, Some((line, error))),
        }
    }
    (parsed, None)
}

/// The next blocks, one a core; none at the end of the file.
fn read_blocks(reader: &mut BufReader<File>, next: &mut u64) -> std::io::Result<Vec<Block>> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut blocks = Vec::new();
    for _ in 0..cores.min(PARSERS_MAX) {
        let mut text = Vec::with_capacity(BLOCK_BYTES as usize);
        reader.by_ref().take(BLOCK_BYTES).read_to_end(&mut text)?;
        if text.is_empty() {
            break;
        }
        if text.last() != Some(&b'\n') {
            reader.read_until(b'\n', &mut text)?;
        }
        let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64;
        blocks.push(Block { text, first: *next });
        *next += lines;
    }
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<Vec<u32>> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("numbers.ndjson");
        std::fs::write(&path, text).expect("writes");
        let mut numbers = Vec::new();
        let parse = |line: &[u8]| String::from_utf8_lossy(line).trim().parse::<u32>();
        each_line(&path, parse, |number| {
            numbers.push(number);
            Ok(())
        })?;
        Ok(numbers)
    }

    #[test]
    fn lines_come_in_their_order_blank_ones_and_a_missing_last_newline_aside() {
        assert_eq!(read("1\n\n2\r\n  \n3").expect("reads"), [1, 2, 3]);
        assert!(read("").expect("reads").is_empty());
        let many: String = (0..2_000_000).map(|n| format!("{n}\n")).collect();
        assert_eq!(read(&many).expect("reads"), (0..2_000_000).collect::<Vec<u32>>());
    }

    #[test]
    fn an_error_names_its_line() {
        let error = read("1\n\nx\n2\n").expect_err("refuses");
        assert!(format!("{error:#}").contains("read line 3 of "), "{error:#}");
    }
}
