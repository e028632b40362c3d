//! Columns of texts that repeat, from polars: as small integers and a list of what they stand for.

use polars::prelude::StringChunked;
use tieout_model::categorical::Categorical;

/// Different views of a column that are remembered: more texts are looked up one by one.
const VIEWS_KEPT_MAX: usize = 16;

/// The texts of a column.
pub(crate) fn of_column(column: &StringChunked) -> Categorical {
    Categorical::with_numbers(|number| encode(column, number))
}

/// The numbers of a column; null is 0. `number` is asked for the first of many equal texts only.
pub(crate) fn encode(texts: &StringChunked, mut number: impl FnMut(&str) -> u32) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(texts.len());
    for piece in texts.downcast_iter() {
        // A view holds a short text, or says where a long one lies: equal views of one piece are equal texts.
        let mut seen: Vec<(u128, u32)> = Vec::with_capacity(VIEWS_KEPT_MAX);
        for (view, text) in piece.views().iter().zip(piece.iter()) {
            let view = view.as_u128();
            let known = seen.iter().find(|(v, _)| *v == view).map(|(_, known)| *known);
            numbers.push(match (text, known) {
                (None, _) => 0,
                (Some(_), Some(known)) => known,
                (Some(text), None) => {
                    let new = number(text);
                    if seen.len() < VIEWS_KEPT_MAX {
                        seen.push((view, new));
                    }
                    new
                }
            });
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray as _;

    use super::*;

    const LONG: &str = "long enough to lie apart from its view";

    #[test]
    fn a_coded_column_gives_back_its_texts_and_asks_for_each_once() {
        let column =
            StringChunked::from_slice_options("x".into(), &[Some("b"), None, Some("a"), Some("b"), Some(LONG)]);
        let coded = of_column(&column);
        assert!(coded.iter().eq(column.iter()));
        assert_eq!((coded.get(2), coded.get(1), coded.get(5)), (Some("a"), None, None));
        let mut asked = Vec::new();
        let lengths = coded.numbered(|text| {
            asked.push(text.to_owned());
            text.len() as u32
        });
        assert_eq!(lengths, [1, 0, 1, 1, LONG.len() as u32]);
        assert_eq!(asked, ["", "b", "a", LONG]);
    }
}
