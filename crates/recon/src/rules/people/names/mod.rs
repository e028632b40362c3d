//! When two spellings of a name are one person's: parts that one source leaves out (middle names, second surnames,
//! suffixes, titles), initials and familiar forms of given names are no difference. Which part is the given name counts
//! only where both sources tell it.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::rules::people::similar::{ALIKE, folded, parts, similarity, spelling};

/// First and last name as one source tells them; without a first name the last one may be the whole.
pub(in crate::rules) type Name<'n> = (Option<&'n str>, Option<&'n str>);

/// Titles, suffixes and what stands for a name that somebody has not got.
const NO_NAMES: [&str; 32] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "sr", "jr", "junior", "senior", "ii", "iii",
    "iv", "2nd", "3rd", "4th", "esq", "phd", "md", "dds", "dmd", "dvm", "cpa", "rn", "jd", "fnu", "lnu", "nmn",
];

/// Spellings of one word.
const ONE_WORD: [(&str, &str); 3] = [("saint", "st"), ("sainte", "ste"), ("mac", "mc")];

/// From this likeness on, in 1/10,000, names beside one birth date are one person's.
pub(in crate::rules) const ONE_PERSON_MIN: u32 = 9_000;

/// Parts that are written as one word or apart: `de la Cruz`, `Delacruz`.
const JOINED_MAX: usize = 3;

/// Spelling → the one that stands for the name.
static ONE_NAME: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = lines(include_str!("spellings.txt"));
    let spellings = lines.flat_map(|line| {
        let name = line.split_whitespace().next().unwrap_or_default();
        line.split_whitespace().map(move |spelling| (spelling, name))
    });
    spellings.collect()
});

/// Familiar form → the names that it stands for; a name stands for itself as well.
static FORMAL: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut formal: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in lines(include_str!("nicknames.txt")) {
        let Some(name) = line.split_whitespace().next() else { continue };
        line.split_whitespace().for_each(|form| formal.entry(form).or_default().push(one_name(name)));
    }
    formal
});

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

/// A given name in the one spelling of the table.
fn one_name(name: &str) -> &str {
    ONE_NAME.get(name).copied().unwrap_or(name)
}

/// How alike two whole names are, in 1/10,000.
pub(in crate::rules) fn likeness(a: Name<'_>, b: Name<'_>) -> u32 {
    // Nearly everybody, whose names need not be taken apart.
    if a == b {
        return ALIKE;
    }
    let (whole_a, whole_b) = (joined(a), joined(b));
    let plain = similarity(&whole_a, &whole_b);
    if plain == ALIKE {
        return ALIKE;
    }
    let wholes = || Words::new(&whole_a, &whole_b).aligned(2);
    let others = match (a, b) {
        ((Some(first_a), Some(last_a)), (Some(first_b), Some(last_b))) => {
            let apart = Words::new(first_a, first_b).aligned(1).min(surnames(last_a, last_b));
            if apart == ALIKE {
                return ALIKE;
            }
            // Given names alone are anybody's, so each surname must stand somewhere in the other name.
            let in_other = |last, whole| Words { given: false, ..Words::new(last, whole) }.aligned(1);
            let both = in_other(last_a, &whole_b).min(in_other(last_b, &whole_a));
            apart.max(wholes().min(both))
        }
        _ => wholes(),
    };
    plain.max(others)
}

/// How alike the surnames are. Where one source tells the whole name only, whether the other's surname is in it.
pub(in crate::rules) fn surname_likeness(a: Name<'_>, b: Name<'_>) -> u32 {
    match (a.1, b.1) {
        (Some(a), Some(b)) => surnames(a, b),
        _ => 0,
    }
}

fn surnames(a: &str, b: &str) -> u32 {
    match similarity(a, b) {
        ALIKE => ALIKE,
        plain => plain.max(Words { given: false, ..Words::new(a, b) }.aligned(1)),
    }
}

fn joined((first, last): Name<'_>) -> String {
    [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The words of two names, the one with fewer first.
struct Words {
    few: Vec<String>,
    many: Vec<String>,
    /// Given names are among them: other forms of a name are the same. A surname has none.
    given: bool,
}

impl Words {
    fn new(a: &str, b: &str) -> Words {
        let (a, b) = (words(a), words(b));
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        Words { few, many, given: true }
    }

    /// Likeness of the shorter name to the words of the longer that fit it best: letters that agree in all its letters.
    /// 0 where the shorter has fewer words than `least` and the longer has more.
    fn aligned(mut self, least: usize) -> u32 {
        if self.few.is_empty() || (self.few.len() < least && self.many.len() != self.few.len()) {
            return 0;
        }
        join_alike(&mut self.few, &mut self.many);
        join_alike(&mut self.many, &mut self.few);
        let (mut agree, mut letters, mut spelt_out) = (0_u64, 0_u64, false);
        for word in &self.few {
            let fits = self.many.iter().map(|other| alike(word, other, self.given)).enumerate();
            let Some((best, alike)) = fits.max_by_key(|(_, alike)| *alike) else { return 0 };
            let other = self.many.swap_remove(best);
            let length = word.chars().count().max(other.chars().count()) as u64;
            spelt_out |= word.len() > 1 && other.len() > 1;
            letters += length;
            agree += length * u64::from(alike);
        }
        // Initials alone are anybody's.
        if spelt_out { u32::try_from(agree / letters.max(1)).unwrap_or(ALIKE) } else { 0 }
    }
}

/// Words that count, each once, in one spelling.
fn words(name: &str) -> Vec<String> {
    let folded = folded(name);
    let mut words: Vec<String> = Vec::new();
    for part in parts(&folded) {
        let word = ONE_WORD.iter().find(|(long, _)| *long == part).map_or(part, |(_, short)| *short);
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    let counts = |word: &String| !NO_NAMES.contains(&word.as_str());
    if words.iter().any(counts) {
        words.retain(counts);
    }
    words
}

/// Joins neighbours of `apart` that stand as one word in `whole`.
fn join_alike(apart: &mut Vec<String>, whole: &mut [String]) {
    for length in (2..=JOINED_MAX).rev() {
        let mut at = 0;
        while at + length <= apart.len() {
            let joined = apart[at..at + length].concat();
            if whole.contains(&joined) {
                apart.splice(at..at + length, [joined]);
            }
            at += 1;
        }
    }
}

/// How alike two words of names are: an initial is alike to what it may stand for.
fn alike(a: &str, b: &str, given: bool) -> u32 {
    let initial = |short: &str, long: &str| long.starts_with(short) && short.chars().count() == 1;
    let one = a == b || initial(a, b) || initial(b, a) || spelling(a) == spelling(b) || (given && stand_for_one(a, b));
    if one { ALIKE } else { similarity(a, b) }
}

/// Both are spellings of one name or may be short for it, or one is short for the other.
fn stand_for_one(a: &str, b: &str) -> bool {
    let names = |name: &'_ str| -> Vec<String> {
        let formal = FORMAL.get(name).map_or(&[][..], Vec::as_slice);
        formal.iter().copied().chain([one_name(name)]).map(str::to_owned).collect()
    };
    let of_b = names(b);
    names(a).iter().any(|name| of_b.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Below it two names differ, by default.
    const SAME: u32 = 9_000;
    /// Below it two names have nothing to do with each other (ID06).
    const STRANGE: u32 = 8_000;

    fn of(first: &'static str, last: &'static str) -> Name<'static> {
        (Some(first).filter(|f| !f.is_empty()), Some(last))
    }

    #[track_caller]
    fn check_same(a: Name<'_>, b: Name<'_>) {
        for (a, b) in [(a, b), (b, a)] {
            assert!(likeness(a, b) >= SAME, "{a:?} {b:?}: {}", likeness(a, b));
        }
    }

    #[test]
    fn parts_that_one_source_leaves_out_are_no_difference() {
        check_same(of("Mary Ann", "Stone"), of("Mary", "Stone"));
        check_same(of("Mary A.", "Stone"), of("Mary", "Stone"));
        check_same(of("Mary A.", "Stone"), of("Mary Ann", "Stone"));
        check_same(of("María", "García López"), of("Maria Elena", "Garcia"));
        check_same(of("Anna", "Smith-Jones"), of("Anna", "Smith"));
        check_same(of("", "Stone, Mary Gertrude"), of("Mary", "Stone"));
        check_same(of("Jan", "van der Berg"), of("Jan", "Berg"));
        check_same(of("Suharto", "FNU"), of("", "Suharto"));
    }

    #[test]
    fn suffixes_titles_and_spellings_of_one_word_are_no_difference() {
        check_same(of("Robert", "Stone Jr."), of("Robert", "Stone"));
        check_same(of("Robert", "Stone III"), of("Robert", "Stone"));
        check_same(of("Dr. Robert", "Stone, Ph.D."), of("Robert", "Stone"));
        check_same(of("Maria", "de la Cruz"), of("Maria Luisa", "Delacruz"));
        check_same(of("Eve", "Saint Clair"), of("Eve", "St. Clair"));
        check_same(of("Ann", "Mc Donald"), of("Ann B", "McDonald"));
        check_same(of("Anna", "Müller"), of("Anna B.", "Mueller"));
    }

    #[test]
    fn a_name_in_another_spelling_or_language_is_the_same_and_a_surname_in_another_alphabet() {
        for (a, b) in [
            ("Catherine", "Kathryn"),
            ("Cathy", "Katharine"),
            ("Sasha", "Aleksandr"),
            ("Oleksandr", "Alexander"),
            ("Dmytro", "Dmitry"),
            ("Yevgeny", "Eugene"),
            ("Serhii", "Sergey"),
            ("Mohd", "Muhammad"),
            ("Ayesha", "Aisha"),
            ("Geoff", "Jeffrey"),
        ] {
            check_same(of(a, "Stone"), of(b, "Stone"));
        }
        check_same(of("Aleksandr", "Petroff"), of("Alexander", "Petrov"));
        check_same(of("Ada", "Kovalevskiy"), of("Ada", "Kovalevsky"));
        for (a, b) in
            [("Thomas", "Tomas"), ("Ivanov", "Ivanko"), ("Jan", "John"), ("Hoff", "Hova"), ("Petrov", "Petrenko")]
        {
            assert!(likeness(of("Ada", a), of("Ada", b)) < ALIKE, "{a} {b}");
        }
        assert!(likeness(of("Ada", "Jan"), of("Ada", "John")) < SAME);
        assert!(likeness(of("Dmitry", "Stone"), of("Dennis", "Stone")) < SAME);
    }

    #[test]
    fn a_spelling_stands_for_one_name_only() {
        let mut seen = std::collections::HashSet::new();
        for spelling in lines(include_str!("spellings.txt")).flat_map(str::split_whitespace) {
            assert!(seen.insert(spelling), "{spelling}");
            assert!(folded(spelling) == spelling && !NO_NAMES.contains(&spelling), "{spelling}");
        }
    }

    #[test]
    fn a_familiar_form_stands_for_its_name() {
        check_same(of("Bill", "Stone"), of("William", "Stone"));
        check_same(of("Peggy", "Stone"), of("Margaret Rose", "Stone"));
        check_same(of("Bob", "Stone"), of("Rob", "Stone"));
        check_same(of("Pepe", "Ruiz"), of("José", "Ruiz Soler"));
        assert!(!stand_for_one("alexander", "alexandra"));
    }

    #[test]
    fn another_given_name_or_surname_is_a_difference() {
        for (a, b) in [
            (of("Gertrude", "Stone"), of("Mary", "Stone")),
            (of("Mary", "Wood"), of("Mary", "Stone")),
            (of("M", "S"), of("Mary", "Stone")),
            (of("Ann", "Mary"), of("Mary Ann", "Stone")),
        ] {
            assert!(likeness(a, b) < SAME, "{a:?} {b:?}: {}", likeness(a, b));
        }
    }

    #[test]
    fn strangers_share_no_surname_and_relatives_do() {
        assert!(surname_likeness(of("Mary", "Stone"), of("Peter", "Okafor")) < STRANGE);
        assert!(surname_likeness(of("Mary", "Stone"), of("Peter", "Stone-Okafor")) >= SAME);
        assert!(surname_likeness(of("", "Stone, Mary"), of("Mary", "Stone")) >= SAME);
        assert_eq!(surname_likeness(of("Mary", "Stone"), (Some("Mary"), None)), 0);
    }
}
