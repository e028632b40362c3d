//! What amounts prove: a code is the benefit whose price its people pay, and a pay group takes as many deductions a
//! year as make the price of a year.

use std::collections::{BTreeMap, BTreeSet};

use crate::known::{Known, KnownPerson, Price};

/// Deductions a year that are tried, the commonest first.
const TIMES: [u32; 7] = [12, 24, 26, 52, 13, 4, 1];

/// What payroll took of one person for one code, in 1/10,000.
#[derive(Clone, Debug)]
pub struct DeductedLine<'t> {
    pub employee_id: &'t str,
    pub pay_group: &'t str,
    pub code: &'t str,
    pub employee: Option<i64>,
    pub employer: Option<i64>,
}

/// How well a benefit explains a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// People with an amount for the code whom the services know.
    pub people: usize,
    /// Of them, those who have the benefit.
    pub holders: usize,
    /// Of them, those whose amount is its price.
    pub priced: usize,
}

#[derive(Debug, Default)]
pub struct Evidence {
    /// Code → benefit key → fit.
    by_code: BTreeMap<String, BTreeMap<String, Fit>>,
    /// Pay group → deductions a year → amounts that fit.
    times: BTreeMap<String, BTreeMap<u32, usize>>,
}

pub fn gather<'t>(taken: impl Iterator<Item = DeductedLine<'t>>, known: &Known) -> Evidence {
    let mut evidence = Evidence::default();
    for line in taken {
        let Some(person) = known.people.get(line.employee_id) else { continue };
        if line.employee.unwrap_or(0) == 0 && line.employer.unwrap_or(0) == 0 {
            continue;
        }
        evidence.add(&line, person, known);
    }
    evidence
}

/// The codes whose amounts are what the employer pays, in a file with one column of amounts: the employer's price of a
/// benefit at the deductions a year that most amounts fit.
pub fn employer_codes(lines: &[DeductedLine<'_>], known: &Known) -> BTreeSet<String> {
    // Times a year → code → amounts that are the employee's price, and the employer's.
    let mut fits: BTreeMap<u32, BTreeMap<&str, [usize; 2]>> = BTreeMap::new();
    for line in lines {
        let Some((person, amount)) = known.people.get(line.employee_id).zip(line.employee.filter(|e| *e != 0)) else {
            continue;
        };
        for times in TIMES {
            let is_price = |price: Option<Price>| price.is_some_and(|price| price.is(amount.abs(), times));
            let sides = [
                person.benefits.iter().any(|benefit| is_price(benefit.employee)),
                person.benefits.iter().any(|benefit| is_price(benefit.employer)),
            ];
            let counts = fits.entry(times).or_default().entry(line.code).or_default();
            counts.iter_mut().zip(sides).for_each(|(count, fits)| *count += usize::from(fits));
        }
    }
    let all = |(_, codes): &(&u32, &BTreeMap<&str, [usize; 2]>)| {
        codes.values().map(|[employee, employer]| *employee.max(employer)).sum::<usize>()
    };
    // The commonest of those that fit as many.
    let best = fits.iter().max_by_key(|times| (all(times), std::cmp::Reverse(place_of(*times.0))));
    let of_employer = |(_, [employee, employer]): &(&&str, &[usize; 2])| employer > employee;
    best.into_iter()
        .flat_map(|(_, codes)| codes.iter().filter(of_employer))
        .map(|(code, _)| (*code).to_owned())
        .collect()
}

fn place_of(times: u32) -> usize {
    TIMES.iter().position(|tried| *tried == times).unwrap_or(TIMES.len())
}

impl Evidence {
    fn add(&mut self, line: &DeductedLine<'_>, person: &KnownPerson, known: &Known) {
        let fits = self.by_code.entry(line.code.to_owned()).or_default();
        for key in known.benefits.keys() {
            let fit = fits.entry(key.clone()).or_default();
            fit.people += 1;
            let Some(benefit) = person.benefits.iter().find(|benefit| benefit.key == *key) else { continue };
            fit.holders += 1;
            let sides = [(line.employee, benefit.employee), (line.employer, benefit.employer)];
            let fitting = |times: &u32| {
                let (mut told, mut right) = (0, 0);
                for (amount, price) in sides {
                    if let (Some(amount), Some(price)) = (amount.filter(|amount| *amount != 0), price) {
                        told += 1;
                        right += usize::from(price.is(amount.abs(), *times));
                    }
                }
                told > 0 && told == right
            };
            let matching: Vec<u32> = TIMES.into_iter().filter(fitting).collect();
            fit.priced += usize::from(!matching.is_empty());
            // A price that fits several divisors says nothing of which is meant.
            if let [times] = matching.as_slice() {
                *self.times.entry(line.pay_group.to_owned()).or_default().entry(*times).or_default() += 1;
            }
        }
    }

    /// The benefit that explains a code best, with the fit; `None` where none is held by anybody with the code.
    pub fn best(&self, code: &str) -> Option<(&str, Fit)> {
        let fits = self.by_code.get(code)?;
        let best = fits.iter().max_by_key(|(_, fit)| (fit.priced, fit.holders))?;
        (best.1.holders > 0).then_some((best.0.as_str(), *best.1))
    }

    pub fn fit(&self, code: &str, key: &str) -> Option<Fit> {
        self.by_code.get(code)?.get(key).copied()
    }

    /// Deductions a year that most amounts of a pay group fit, how many, and of how many.
    pub fn times(&self, pay_group: &str) -> Option<(u32, usize, usize)> {
        let votes = self.times.get(pay_group)?;
        let (times, count) = votes.iter().max_by_key(|(_, count)| **count)?;
        Some((*times, *count, votes.values().sum()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::of_world;

    #[test]
    fn amounts_tell_the_benefit_of_a_code_and_the_deductions_of_a_year() {
        let mut users = String::new();
        let mut benefits = String::new();
        for n in 0..10 {
            users += &format!("{{\"id\":\"u{n}\",\"employment\":{{\"employeeId\":\"{n}\"}}}}\n");
            benefits += &format!(
                "{{\"userId\":\"u{n}\",\"data\":{{\"currentBenefits\":[\
                 {{\"benefitKey\":\"_A\",\"employeeContribution\":{{\"annual\":{}.00,\"monthly\":1.00}}}},\
                 {{\"benefitKey\":\"_B\",\"employeeContribution\":{{\"annual\":999.00,\"monthly\":83.25}}}}]}}}}\n",
                1_200 + n * 26
            );
        }
        let known = of_world(&users, &benefits);
        let ids: Vec<String> = (0..10).map(|n| n.to_string()).collect();
        let lines = ids.iter().enumerate().map(|(n, id)| DeductedLine {
            employee_id: id,
            pay_group: "BW",
            code: "D7",
            employee: i64::try_from(n).ok().map(|n| (12_000_000 + n * 260_000) / 26),
            employer: None,
        });
        let evidence = gather(lines, &known);
        assert_eq!(evidence.best("D7"), Some(("_A", Fit { people: 10, holders: 10, priced: 10 })));
        assert_eq!(evidence.times("BW").map(|(times, ..)| times), Some(26));
    }

    #[test]
    fn the_employers_price_tells_the_employers_code() {
        let users = "{\"id\":\"u1\",\"employment\":{\"employeeId\":\"1\"}}";
        let benefits = "{\"userId\":\"u1\",\"data\":{\"currentBenefits\":[{\"benefitKey\":\"_A\",\
                        \"employeeContribution\":{\"annual\":124.80,\"monthly\":10.40},\
                        \"employerContribution\":{\"annual\":249.60,\"monthly\":20.80}},\
                        {\"benefitKey\":\"_B\",\"employeeContribution\":{\"annual\":1500.00,\"monthly\":125.00}}]}}";
        let line = |code, amount| DeductedLine {
            employee_id: "1",
            pay_group: "",
            code,
            employee: Some(amount),
            employer: None,
        };
        // 10.40 is a month of what the employee pays, and half a month of what the employer does.
        let lines = [line("A1", 52_000), line("A2", 104_000), line("B", 625_000)];
        assert_eq!(employer_codes(&lines, &of_world(users, benefits)), ["A2".to_owned()].into());
    }
}
