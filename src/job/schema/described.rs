//! What the comments of `jobs/example.toml` say of each key: those before it, and the one behind it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::trace::Step;

const EXAMPLE: &str = include_str!("../../../jobs/example.toml");

static DESCRIPTIONS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| of_text(EXAMPLE));

/// The description of a key; `None` where the example says nothing of it.
pub fn of(path: &[Step]) -> Option<&'static str> {
    let names: Vec<&str> = path
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Entry | Step::Item => None,
        })
        .collect();
    let last_is_key = matches!(path.last(), Some(Step::Key(_)));
    DESCRIPTIONS.get(&names.join(".")).filter(|_| last_is_key).map(String::as_str)
}

/// Key path → comments. A key that is commented out counts as a key.
fn of_text(text: &str) -> BTreeMap<String, String> {
    let (mut table, mut comments) = (String::new(), Vec::new());
    let mut descriptions = BTreeMap::new();
    for line in text.lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        if line.is_empty() || line.starts_with("# ---") {
            comments.clear();
        } else if let Some(name) = header(bare) {
            table = name.to_owned();
            describe(&mut descriptions, name.to_owned(), &mut comments, "");
        } else if let Some((key, behind)) = key(bare) {
            let path = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
            describe(&mut descriptions, path, &mut comments, behind);
        } else if line.starts_with('#') {
            comments.push(bare.trim_start_matches('#').trim());
        }
    }
    descriptions
}

fn describe(descriptions: &mut BTreeMap<String, String>, path: String, comments: &mut Vec<&str>, behind: &str) {
    let all: Vec<&str> = comments.drain(..).chain([behind]).filter(|comment| !comment.is_empty()).collect();
    if !all.is_empty() {
        descriptions.entry(path).or_insert_with(|| all.join(" "));
    }
}

/// `[payroll.columns]`, `[[payroll.groups]]`.
fn header(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?.split(']').next()?.trim_start_matches('[');
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).then_some(name)
}

/// `key = value # comment`; a `#` inside quotes begins no comment.
fn key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(" = ")?;
    if key.is_empty() || !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return None;
    }
    let mut quoted = false;
    let comment = value.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '#' && !quoted
    });
    Some((key, comment.map_or("", |(at, _)| value[at + 1..].trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_before_and_behind_a_key_describe_it() {
        let text = "# Short name.\nname = \"x\"\n\n# Where it is.\n# [payroll]\nmark = \"#\" # one\n# sheet = \"A\" # or a number\n";
        let found = of_text(text);
        assert_eq!(found["name"], "Short name.");
        assert_eq!(found["payroll"], "Where it is.");
        assert_eq!(found["payroll.mark"], "one");
        assert_eq!(found["payroll.sheet"], "or a number");
    }
}
