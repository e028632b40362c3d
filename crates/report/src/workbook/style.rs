//! How cells look: a format a kind of value, so that dates are dates, numbers are numbers, and ids stay texts also when
//! somebody edits them.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::table::{Heading, Kind};
use tieout_model::money::{Currency, DECIMALS_MAX, UNITS_PER_ONE};

/// A text even after it was edited: a spreadsheet calculates nothing that is typed into such a cell.
const TEXT: &str = "@";
const DATE: &str = "yyyy-mm-dd";
const COUNT: &str = "#,##0";
const INK: Color = Color::RGB(0x1f_2933);
const MUTED: Color = Color::RGB(0x61_6e7c);
const RULE: Color = Color::RGB(0xcb_d2d9);
const HEAD: Color = Color::RGB(0xf0_f4f8);
const ENTRY: Color = Color::RGB(0xff_fbea);
const GOOD: Color = Color::RGB(0xe3_f9e5);
const BAD: Color = Color::RGB(0xff_e3e3);

/// Characters of a column that is for sentences.
const PROSE_WIDTH: u16 = 40;

/// The formats of a workbook.
pub struct Style {
    pub text: Format,
    /// A text on several lines.
    prose: Format,
    /// Of the amount to the left.
    currency: Format,
    pub date: Format,
    pub count: Format,
    pub title: Format,
    pub heading: Format,
    pub number_heading: Format,
    pub section: Format,
    pub muted: Format,
    pub file: Format,
    pub label: Format,
    pub link: Format,
    /// Where a reviewer writes.
    pub entry: Format,
    pub good: Format,
    pub bad: Format,
    /// By decimals shown, from 0.
    amounts: Vec<Format>,
    totals: Vec<Format>,
}

impl Style {
    pub fn new() -> Style {
        let plain = || Format::new().set_font_color(INK).set_align(FormatAlign::Top);
        let text = || plain().set_num_format(TEXT);
        let heading = || {
            let head = text().set_bold().set_background_color(HEAD).set_text_wrap();
            head.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(RULE)
        };
        let amount = |decimals: u32| plain().set_num_format(amount_layout(decimals));
        let total =
            |decimals| amount(decimals).set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(RULE);
        let all = 0..=DECIMALS_MAX;
        Style {
            text: text(),
            prose: text().set_text_wrap(),
            currency: text().set_align(FormatAlign::Left).set_indent(1),
            date: plain().set_num_format(DATE).set_align(FormatAlign::Left),
            count: plain().set_num_format(COUNT),
            title: plain().set_bold().set_font_size(16),
            heading: heading(),
            number_heading: heading().set_align(FormatAlign::Right),
            section: plain().set_bold().set_font_size(12),
            muted: text().set_font_color(MUTED),
            file: text().set_font_color(MUTED).set_align(FormatAlign::Left).set_indent(1),
            label: text().set_bold(),
            link: plain().set_hyperlink(),
            entry: text().set_background_color(ENTRY).set_border(FormatBorder::Thin).set_border_color(RULE),
            good: text().set_background_color(GOOD),
            bad: text().set_background_color(BAD),
            amounts: all.clone().map(amount).collect(),
            totals: all.map(total).collect(),
        }
    }

    /// Of a column of texts.
    pub fn of_text(&self, heading: &Heading) -> &Format {
        match heading.kind {
            Kind::Currency => &self.currency,
            _ if is_prose(heading) => &self.prose,
            _ => &self.text,
        }
    }

    pub fn amount(&self, counts: i128, currency: Currency) -> &Format {
        &self.amounts[shown(counts, currency) as usize]
    }

    pub fn total(&self, counts: i128, currency: Currency) -> &Format {
        &self.totals[shown(counts, currency) as usize]
    }
}

fn amount_layout(decimals: u32) -> String {
    let places = "0".repeat(decimals as usize);
    let number = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{places}") };
    format!("{number};[Red]-{number}")
}

/// Whether the texts of a column are sentences, on as many lines as they take.
pub fn is_prose(heading: &Heading) -> bool {
    heading.kind == Kind::Text && heading.width >= PROSE_WIDTH && !heading.is_detail
}

/// Decimals of the currency; all that there are where an amount has more.
pub fn shown(counts: i128, currency: Currency) -> u32 {
    let unit = i128::from(currency.minor_unit());
    debug_assert!(unit <= i128::from(UNITS_PER_ONE));
    if counts % unit == 0 { currency.decimals() } else { DECIMALS_MAX }
}
