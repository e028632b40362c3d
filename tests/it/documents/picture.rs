//! The picture of the README is drawn from what the demo prints: its first and last lines, without colours, because the
//! program prints none.

use std::fs;
use std::path::Path;

use crate::support::{Site, repo};

const PICTURE: &str = "docs/demo.svg";
const COMMAND: &str = "$ cargo run -- run jobs/demo.toml";
/// Lines shown at the top and at the end; what is between them is counted.
const FIRST_LINES: usize = 14;
const LAST_LINES: usize = 12;

/// Pixels.
const LINE_HEIGHT: usize = 17;
const MARGIN: usize = 20;
/// Width of a character in hundredths of a pixel, at a font size of 13.
const CHARACTER_WIDTH: usize = 783;

/// What fits on one screen of an output.
fn screen(output: &str) -> Vec<String> {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    let mut screen = vec![COMMAND.to_owned()];
    match lines.len().checked_sub(FIRST_LINES + LAST_LINES) {
        Some(between @ 1..) => {
            screen.extend(lines[..FIRST_LINES].iter().map(|line| (*line).to_owned()));
            screen.push(format!("\u{22ee} {between} more lines"));
            screen.extend(lines[FIRST_LINES + between..].iter().map(|line| (*line).to_owned()));
        }
        _ => screen.extend(lines.iter().map(|line| (*line).to_owned())),
    }
    screen
}

fn hundredths(value: usize) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

fn drawn(lines: &[String]) -> String {
    let columns = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let (width, height) = (2 * MARGIN + columns * CHARACTER_WIDTH / 100, 2 * MARGIN + lines.len() * LINE_HEIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"What the night on the sample data prints\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#10151c\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace\" font-size=\"13\" \
         fill=\"#d5dbe3\" xml:space=\"preserve\">\n"
    );
    for (row, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
        let escaped = line.replace('&', "&amp;").replace('<', "&lt;");
        let (y, length) = (MARGIN + row * LINE_HEIGHT - 4, hundredths(line.chars().count() * CHARACTER_WIDTH));
        svg.push_str(&format!("<text x=\"{MARGIN}\" y=\"{y}\" textLength=\"{length}\">{escaped}</text>\n"));
    }
    svg + "</g></svg>\n"
}

#[test]
fn the_picture_of_the_readme_is_what_the_demo_prints() {
    let output = Site::new().expect(0, &["run", "jobs/demo.toml"]);
    let picture = drawn(&screen(&output));
    if fs::read_to_string(repo().join(PICTURE)).expect("the picture") != picture {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo.svg");
        fs::write(&fresh, picture).expect("written");
        panic!(
            "the demo prints something else; look at the new picture and take it:\ncp {} {PICTURE}",
            fresh.display()
        );
    }
}
