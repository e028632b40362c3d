//! The problems of a job file, each under the line that it is about, with a caret. A line of a section that holds
//! credentials is shown without its values: what stands there could be a secret in the wrong place.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::job::problems::{JobError, Problem};

/// Sections, and keys outside of them, whose values are no secrets.
const OPEN: [&str; 19] = [
    "payroll",
    "deductions",
    "crosswalk",
    "rules",
    "guards",
    "approval",
    "push",
    "new_hires",
    "terminations",
    "report",
    "sandbox",
    "name",
    "zone",
    "state_dir",
    "limits_dir",
    "anchor",
    "placeholder_dates",
    "retention",
    "notify_at",
];
/// Words of a line that may hold a secret wherever it stands.
const SECRET: [&str; 5] = ["secret", "token", "password", "api_key", "_sk_"];

impl JobError {
    /// Every problem with the line that it is about; `text` is that of the job file.
    pub fn drawn(&self, text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        let mut drawn = String::new();
        for problem in &self.problems {
            let alone = JobError { path: self.path.clone(), problems: vec![problem.clone()] };
            let line = problem.line.checked_sub(1).and_then(|at| Some((at, *lines.get(at)?)));
            let snippet = line.map(|(at, line)| snippet(problem, &shown(line, section(&lines, at))));
            // A string takes all that is written.
            let _ = writeln!(drawn, "{alone}{}", snippet.map(|snippet| format!("\n{snippet}")).unwrap_or_default());
        }
        drawn.trim_end().to_owned()
    }
}

fn snippet(problem: &Problem, line: &str) -> String {
    let start = line.char_indices().nth(problem.column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let word =
        line[start..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).map(char::len_utf8).sum();
    let first = line[start..].chars().next().map_or(0, char::len_utf8);
    let span = start..start + first.max(word);
    let source = Snippet::source(line).line_start(problem.line).annotation(AnnotationKind::Primary.span(span));
    let report = [Level::ERROR.no_name().secondary_title("").element(source)];
    let rendered = Renderer::plain().render(&report);
    let body: Vec<&str> = rendered.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    body.join("\n")
}

/// The section that a line stands in, or the key that it gives outside of all.
fn section<'t>(lines: &[&'t str], at: usize) -> &'t str {
    let header = lines[..=at].iter().rev().find_map(|line| line.trim_start().strip_prefix('['));
    let name = header.unwrap_or(lines[at]).trim_start_matches('[').trim();
    name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// A line as it may be shown: letters and digits of values that could be secrets are covered.
fn shown(line: &str, section: &str) -> String {
    let lower = line.to_lowercase();
    if OPEN.contains(&section) && !SECRET.iter().any(|word| lower.contains(word)) {
        return line.to_owned();
    }
    let covered = |c: char| if c.is_alphanumeric() { '*' } else { c };
    match line.split_once('=') {
        Some((key, value)) => format!("{key}={}", value.chars().map(covered).collect::<String>()),
        None if line.trim_start().starts_with('[') => line.to_owned(),
        None => line.chars().map(covered).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::job::parse;

    fn drawn(text: &str) -> String {
        parse(text, Path::new("jobs/x.toml")).expect_err("not a job").drawn(text)
    }

    #[test]
    fn a_problem_is_drawn_under_its_line() {
        let drawn = drawn("name = \"acme\"\n\n[payroll]\nfile = \"in/payroll.csv\"\ndelimeter = \";\"\n");
        let expected = "jobs/x.toml:5: payroll.delimeter: unknown key; did you mean `delimiter`?\n  |\n5 | delimeter = \";\"\n  | ^^^^^^^^^";
        assert!(drawn.contains(expected), "{drawn}");
    }

    #[test]
    fn a_secret_that_stands_in_the_file_is_never_drawn() {
        for text in [
            "[benifex]\nclient_secret = \"s3cr3tvalue\"\n",
            "benifex = { client_secret = \"s3cr3tvalue\" }\n",
            "[benbase]\napi_kee = \"s3cr3tvalue\"\n",
            "[benbase]\napi_key = live_sk_s3cr3tvalue\n",
            "[payroll]\nfile = \"live_sk_s3cr3tvalue\ndelimiter = \";;\"\n",
            "pasword = \"s3cr3tvalue\"\n",
            "[oyster]\n\"s3cr3tvalue\n",
        ] {
            let drawn = drawn(text);
            assert!(!drawn.contains("s3cr3tvalue"), "{drawn}");
        }
    }
}
