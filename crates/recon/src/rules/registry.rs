//! The registry: each code with its title, severity and what `tieout explain` tells of it. A new rule is one line here
//! and one function in the file of its family.

use tieout_model::finding::{Code, Severity};

use Severity::{S1, S2, S3, S4, S5};

/// One rule as the public knows it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub code: Code,
    /// The usual severity; AM01 falls to S3 when the difference is not material.
    pub severity: Severity,
    pub title: &'static str,
    /// What is compared with what.
    pub compares: &'static str,
    pub tolerance: &'static str,
    /// What to do, and whose move it is.
    pub to_do: &'static str,
    /// No correction is derived for the employee while it stands; see [`Rule::stops_everybody`].
    pub blocks: bool,
}

impl Rule {
    /// The severities that its findings can have.
    pub fn severities(&self) -> &'static str {
        match self.code {
            Code::AM01 => "S2, S3 when not material",
            _ => self.severity.name(),
        }
    }

    /// A Benbase change may be derived from its findings.
    pub fn corrects(&self) -> bool {
        CORRECTABLE.contains(&self.code)
    }

    /// A finding without an employee blocks everybody. CT03 blocks the people of its batches only; CT06 stops the queue
    /// through its guard, not the plan.
    pub fn stops_everybody(&self) -> bool {
        matches!(self.code, Code::CT01 | Code::CT04 | Code::CT10)
    }
}

/// Codes from which a correction may come.
const CORRECTABLE: [Code; 7] = [Code::CO01, Code::CO02, Code::CO03, Code::CO04, Code::CO07, Code::DE01, Code::DE02];

const fn rule(
    code: Code,
    severity: Severity,
    title: &'static str,
    compares: &'static str,
    tolerance: &'static str,
    to_do: &'static str,
) -> Rule {
    let blocks = matches!(
        code,
        Code::CT01
            | Code::CT02
            | Code::CT03
            | Code::CT04
            | Code::CT10
            | Code::ID03
            | Code::ID04
            | Code::ID05
            | Code::ID08
            | Code::CU01
    );
    Rule { code, severity, title, compares, tolerance, to_do, blocks }
}

const NONE: &str = "none";
const ROUNDING: &str = "1 + ⌊6 / deductions a year⌋ minor units, or the job's amount_tolerance_minor_units";

/// Every implemented rule, in the order of explanation.
#[rustfmt::skip]
pub const RULES: [Rule; 41] = [
    rule(Code::CT01, S1, "control total break",
        "the rows and deduction sums that were read, with the totals row and the control file", NONE,
        "get a complete payroll file; nothing is corrected until it ties out; payroll's move"),
    rule(Code::CT02, S1, "incomplete extraction",
        "the employee ids asked for, with those that were answered or definitively not found", NONE,
        "run again or look the employee up by hand; nothing else is said of that employee; the operator's move"),
    rule(Code::CT03, S1, "paging inconsistency",
        "the pages of the user list with each other: repeated rows, moving totals, a next page that is none", NONE,
        "run again; report it to Benifex when it stays; the operator's move"),
    rule(Code::CT04, S1, "tie-out residual",
        "payroll total − expected total, with what findings, drift, unverified and out of scope add up to", NONE,
        "a fault of tieout: report it; the run queues nothing and leaves with 7"),
    rule(Code::CT06, S1, "population swing",
        "headcount and payroll totals by benefit, with the last good run", "guards.population_change_max, guards.total_change_max",
        "check that the file is the right one and complete; the guard stops the queue; the operator's move"),
    rule(Code::CT10, S1, "source disposition",
        "the rows of each source, with matched + finding + out of scope + rejected + unverified", NONE,
        "a fault of tieout: report it; the run queues nothing and leaves with 7"),
    rule(Code::CT11, S2, "unparseable field",
        "dates, amounts and statuses that are there, with what can be read or is mapped in the job", NONE,
        "correct the field at its source or name the value in the job; rules that need it are left out until then"),
    rule(Code::ID01, S2, "payroll person not in Benifex",
        "employees on payroll, with a complete answer of Benifex", "rules.new_hire_grace_days after the hire date",
        "add the employee to Benifex or stop the deductions; the benefits team's move"),
    rule(Code::ID02, S2, "Benifex person not on payroll",
        "people with a live benefit and no past leave date in Benifex, with the employees on payroll",
        "started in this period or within rules.new_hire_grace_days",
        "put the employee on payroll or end the benefits; payroll's move"),
    rule(Code::ID03, S2, "Oyster engagement unlinked",
        "the engagements that Oyster lists, with the crosswalk and, if the job says so, payroll's e-mails; the crosswalk's engagements, with a whole list",
        "never by name; engagements that ended before tonight with nothing in force",
        "enter the engagement into the crosswalk, or correct the link that leads nowhere; the operator's move"),
    rule(Code::ID04, S1, "duplicate key",
        "rows of one employee and deduction code; links of one employee or engagement in the crosswalk", "deductions.split_codes",
        "take the repeated rows out or list the code as split; payroll's move"),
    rule(Code::ID05, S2, "near-match id",
        "payroll ids that Benifex does not know, with Benifex ids that payroll does not know: equal but for leading zeros, blanks, case, O for 0", NONE,
        "correct the id where it is wrong; the two are never joined by guess; payroll's move"),
    rule(Code::ID08, S3, "no Benbase id",
        "employees with a pay, status or address finding, with the crosswalk", NONE,
        "enter the employee's own Benbase id into the crosswalk; the operator's move"),
    rule(Code::CU01, S1, "currency mismatch",
        "the currencies of payroll line, employee, employer and cost amount, and of Oyster's price, of one benefit", "none; nothing is converted",
        "correct the wrong currency; payroll's move"),
    rule(Code::CU02, S3, "salary currency unknown",
        "salaries in Benifex, with the currencies that the job names by pay group and country of work", NONE,
        "add the currency to the job; the operator's move"),
    rule(Code::EN01, S2, "missing deduction",
        "live benefits with something due, with payroll's lines", "none; a written 0.00 is a line",
        "start the deduction and collect what is missing; payroll's move"),
    rule(Code::EN02, S2, "deduction without enrollment",
        "payroll amounts other than 0, with the benefits in force and the enrollments in Oyster", NONE,
        "stop the deduction and refund it, or enrol the employee; payroll's move"),
    rule(Code::EN04, S2, "leaver still enrolled",
        "live benefits, with the end of cover after the later leave date of both sources", "rules.coverage_end",
        "end the benefit or correct the leave date; tieout never queues a termination; the benefits team's move"),
    rule(Code::EN05, S2, "leaver still deducted",
        "payroll amounts other than 0, with the end of cover after the later leave date of both sources", "rules.coverage_end",
        "stop the deduction and refund it, or correct the leave date; payroll's move"),
    rule(Code::EN07, S3, "double cover",
        "live benefits in Benifex, with enrollments in force in Oyster of the same employee and category", "oyster.categories",
        "end one of the two; the benefits team's move"),
    rule(Code::EN08, S2, "charged while Oyster not live",
        "payroll amounts other than 0, with the state that Oyster's enrollment was known to have at payroll's cut-off: only ENROLLED is live",
        "CANCELED and FINISHED: one trailing period",
        "stop the deduction and refund it, or have the enrollment completed; payroll's move"),
    rule(Code::EN09, S3, "Oyster live, no charge",
        "enrollments in force of which the employee pays a part, with payroll's lines", "none; a written 0.00 is a line",
        "start the deduction and collect what is missing; payroll's move"),
    rule(Code::EN10, S3, "Oyster state stuck",
        "how long an enrollment has been seen in one state that is neither in force nor over", "oyster.stuck_after_days; oyster.requested_stuck_after_days for REQUESTED",
        "ask Oyster what the enrollment waits for; the benefits team's move"),
    rule(Code::EN13, S2, "unmapped code",
        "payroll codes, benefit keys and Oyster's plans, with the job's map in both directions", "ignored_codes, ignored_benefits and ignored_plans, each with a reason",
        "map the code or key, or leave it out with a reason; the operator's move"),
    rule(Code::EN15, S3, "contractor deducted like an employee",
        "payroll amounts other than 0 for benefits, with the type of the employee's engagement in Oyster", "oyster.contractor_benefits",
        "stop the deduction and refund it, or allow the benefit for contractors; payroll's move"),
    rule(Code::TM07, S5, "cut-off timing",
        "lines that differ because an election changed after the cut-off, with the newest snapshot from before it", ROUNDING,
        "nothing; it clears with the next period"),
    rule(Code::AM01, S2, "employee amount differs",
        "the employee amount on payroll, with monthly (12 a year) or annual / deductions a year in Benifex", ROUNDING,
        "correct the deduction, refund or collect the difference; S3 unless material; payroll's move"),
    rule(Code::AM02, S3, "employer amount differs",
        "the employer amount on payroll, with monthly (12 a year) or annual / deductions a year in Benifex", ROUNDING,
        "correct the employer amount; payroll's move"),
    rule(Code::AM14, S3, "unit-scale suspicion",
        "shares of the employer, with the unit of the endpoint that gave them: percents or fractions", "none; nothing is converted by its size",
        "have the share put right in Oyster; the benefits team's move"),
    rule(Code::AM15, S4, "estimate drift",
        "what payroll charges, with Oyster's estimated price × share / deductions a year", "the greater of oyster.estimate_tolerance_share and oyster.estimate_tolerance",
        "check price and share, and correct the deduction if it is wrong; payroll's move"),
    rule(Code::AM16, S5, "unpriceable",
        "enrollments in force that cover dependants, or whose plan or share has no price", "never compared, never called a difference",
        "nothing; the amount can't be computed from what Oyster tells"),
    rule(Code::CO01, S2, "salary differs",
        "the annualised salary on payroll, with the annualised salary in Benifex, in one currency", "the greater of rules.salary_tolerance and rules.salary_tolerance_ppm",
        "the side that is not rules.compensation_authority follows"),
    rule(Code::CO02, S4, "effective date differs",
        "the day from which an equal salary is in force, in both sources", "less than the days of one period",
        "the side that is not rules.compensation_authority follows"),
    rule(Code::CO03, S2, "frequency differs",
        "pay periods of 52, 26, 24 or 12 in Benifex, with payroll's pay frequency", "none; other numbers are not compared",
        "the side that is not rules.compensation_authority follows"),
    rule(Code::CO04, S3, "employment status differs",
        "full or part time by FTE in Benifex, with payroll's status", "rules.full_time_from_fte; variable hours are not compared",
        "the side that is not rules.compensation_authority follows"),
    rule(Code::CO07, S2, "Benbase drift",
        "what Benbase last accepted for pay, frequency and status, with the authority's values today", "none; salaries of one basis only",
        "approve the correction; the approver's move"),
    rule(Code::DE01, S3, "address differs",
        "payroll's address with the one that Benbase last accepted, and its ZIP code with Benifex's postcode", "case, punctuation, postal abbreviations; five digits of the ZIP code",
        "approve the correction, or correct the wrong postcode"),
    rule(Code::DE02, S2, "state changed",
        "payroll's state, with the one that Benbase last accepted", NONE,
        "approve the correction; tax and plans follow the state; the approver's move"),
    rule(Code::DE04, S4, "name differs",
        "payroll's name, with first, preferred and local name in Benifex", "case, accents, punctuation, order; rules.name_similarity",
        "check that it is one person and correct the wrong name; payroll's move"),
    rule(Code::DE05, S2, "birth date differs",
        "the birth dates of both sources; a swap of day and month is named", NONE,
        "correct the wrong one; premiums by age depend on it; payroll's move"),
    rule(Code::DE07, S2, "leave date differs",
        "payroll's termination date, with Benifex's leave date", "rules.leave_date_tolerance_days; a date that only one side has counts once it has passed",
        "correct the wrong one; when cover ends depends on it; payroll's move"),
];

/// The rule of a code.
pub fn of(code: Code) -> &'static Rule {
    // The codes are declared in the order of the table, which a test keeps.
    &RULES[code as usize]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_its_one_rule_at_its_place() {
        let codes: Vec<Code> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(codes, Code::ALL);
        for code in Code::ALL {
            assert_eq!(of(code).code, code);
        }
    }

    #[test]
    fn titles_are_distinct_and_no_text_is_blank() {
        let titles: BTreeSet<&str> = RULES.iter().map(|rule| rule.title).collect();
        assert_eq!(titles.len(), RULES.len());
        for rule in RULES {
            assert!(
                [rule.title, rule.compares, rule.tolerance, rule.to_do].iter().all(|text| text.len() > 3),
                "{rule:?}"
            );
        }
    }
}
