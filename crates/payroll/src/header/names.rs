//! The names of columns: of one level or two, repeated ones by their place.

/// Stands between the two levels of a name: `Medical / EE`.
const BETWEEN_LEVELS: &str = " / ";
/// Stands before the place of a column among those of the same name, from 1.
const PLACE: char = '#';

/// The names of the columns of a header.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// With both levels.
    pub whole: Vec<String>,
    /// The lower level alone; blank with one level.
    lower: Vec<String>,
}

/// A name on one line, with one blank where there is any run of them.
pub(super) fn one_line(name: &str) -> String {
    match name.contains(|c: char| c.is_control()) || name.contains("  ") {
        true => name.split_whitespace().collect::<Vec<_>>().join(" "),
        false => name.to_owned(),
    }
}

impl Names {
    /// Of one row of names, or of a row of groups above it. A group goes on to the right until the next one begins.
    pub fn of(levels: &[&[String]]) -> Names {
        let [groups, names] = levels else {
            let whole = levels.first().map(|names| names.to_vec()).unwrap_or_default();
            return Names { whole, lower: Vec::new() };
        };
        let mut group = "";
        let mut whole = Vec::with_capacity(names.len().max(groups.len()));
        for at in 0..names.len().max(groups.len()) {
            let cell = |cells: &'_ [String]| cells.get(at).cloned().unwrap_or_default();
            let (own, name) = (cell(groups), cell(names));
            if !own.is_empty() {
                group = &groups[at];
            }
            whole.push(match (name.is_empty(), group.is_empty()) {
                // A name that spans both rows.
                (true, _) => own,
                (false, true) => name,
                (false, false) => format!("{group}{BETWEEN_LEVELS}{name}"),
            });
        }
        let mut lower = names.to_vec();
        lower.resize(whole.len(), String::new());
        Names { whole, lower }
    }

    /// Position of a column. With two levels the lower name alone will do where only one column has it.
    pub fn find(&self, wanted: &str) -> Option<usize> {
        let wanted = one_line(wanted);
        let (first, _) = self.both(&self.whole, &wanted);
        if first.is_some() {
            return first;
        }
        if let (Some(only), None) = self.both(&self.lower, &wanted) {
            return Some(only);
        }
        let (name, place) = wanted.rsplit_once(PLACE)?;
        let place: usize = place.parse::<usize>().ok()?.checked_sub(1)?;
        match name.trim_end() {
            "" => (place < self.whole.len()).then_some(place),
            name => self.positions(&self.whole, name).nth(place),
        }
    }

    /// Whether several columns have this name.
    pub fn is_ambiguous(&self, wanted: &str) -> bool {
        self.both(&self.whole, &one_line(wanted)).1.is_some()
    }

    fn positions<'n>(&'n self, among: &'n [String], name: &'n str) -> impl Iterator<Item = usize> + 'n {
        among.iter().enumerate().filter(move |(_, n)| *n == name).map(|(at, _)| at)
    }

    /// The first and the second column of a name.
    fn both(&self, among: &[String], name: &str) -> (Option<usize>, Option<usize>) {
        let mut positions = self.positions(among, name);
        (positions.next(), positions.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(rows: &[&str]) -> Names {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.split(',').map(str::to_owned).collect()).collect();
        Names::of(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn a_repeated_name_is_found_by_its_place() {
        let names = names(&["ID,Code,Amount,Code,Amount"]);
        assert_eq!(names.find("Amount #2"), Some(4));
        assert_eq!(names.find("Code #1"), Some(1));
        assert_eq!(names.find("#3"), Some(2));
        assert_eq!((names.find("Amount #3"), names.find("#6"), names.find("#0")), (None, None, None));
        assert!(names.is_ambiguous("Amount") && !names.is_ambiguous("Amount #2"));
    }

    #[test]
    fn a_name_with_a_number_sign_is_a_name_first() {
        assert_eq!(names(&["Employee #,Line #2"]).find("Line #2"), Some(1));
        assert_eq!(names(&["Employee #,x"]).find("Employee #"), Some(0));
    }

    #[test]
    fn groups_stand_before_the_names_below_them() {
        let names = names(&["Employee,,Medical,,Net Pay", "ID,Name,EE,ER,"]);
        assert_eq!(names.whole, ["Employee / ID", "Employee / Name", "Medical / EE", "Medical / ER", "Net Pay"]);
        assert_eq!((names.find("Medical / ER"), names.find("ID"), names.find("Net Pay")), (Some(3), Some(0), Some(4)));
    }

    #[test]
    fn a_lower_name_that_stands_twice_is_no_name_alone() {
        let names = names(&[",Medical,,Dental,", "ID,EE,ER,EE,ER"]);
        assert_eq!((names.find("EE"), names.find("ID"), names.find("Dental / EE")), (None, Some(0), Some(3)));
    }

    #[test]
    fn line_breaks_in_names_are_blanks() {
        assert_eq!(one_line("Medical\r\nEE  amount"), "Medical EE amount");
    }
}
