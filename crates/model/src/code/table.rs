//! The code table: a row a code, in the order in which rules explain. A new code is a row here, its function in the
//! rules, its scenario in the world, and a line of docs.

use super::Blocks::{Concerned, Everybody};
use super::Owner::{Approver, Benefits, Operator, Payroll};
use super::{Direction, Family, Rule, Severity};
use crate::correction::CorrectionKind;

const ROUNDING: &str = "1 + ⌊6 / deductions a year⌋ minor units, or the job's amount_tolerance_minor_units";

codes! {
    Completeness {
        CT01 S1 "control total break" {
            compares: "rows and deduction sums of the file, rejected ones too, with the totals row and the control file",
            to_do: "get a complete payroll file; nothing is corrected until it ties out",
            owner: Some(Payroll), blocks: Everybody,
        }
        CT02 S1 "incomplete extraction" {
            compares: "the employee ids asked for, with those that were answered or definitively not found",
            to_do: "run again or look the employee up by hand; nothing else is said of that employee",
            owner: Some(Operator), blocks: Concerned,
        }
        CT03 S1 "paging inconsistency" {
            compares: "the pages of the user list with each other: repeated rows, moving totals, a next page that is \
                none",
            to_do: "run again; report it to Benifex when it stays", owner: Some(Operator), blocks: Concerned,
        }
        CT04 S1 "tie-out residual" {
            compares: "payroll total − expected total, with what findings, drift, unverified and out of scope add up \
                to",
            to_do: "a fault of tieout: report it; the run queues nothing and leaves with 7", blocks: Everybody,
        }
        CT06 S1 "population swing" {
            compares: "headcount and payroll totals by benefit, with the last good run, of each pay group its own; what follows \
                from what is due, as on a pay date without deductions or after a renewal, is no swing, nor are people who \
                join or leave by Benifex too; and the benefits that Benifex shows, where payroll goes on with many that are gone",
            tolerance: "guards.population_change_max, guards.total_change_max; fewer people than guards.people_min, unless \
                nothing is taken of anybody",
            to_do: "check that the file is the right one and complete, and Benifex too; the guard stops the queue",
            owner: Some(Operator),
        }
        CT07 S1 "stale or swapped source" {
            compares: "the payroll file with those of earlier nights, and the ages of the file and of Benifex's answers with \
                the night",
            tolerance: "one period and 7 days; a day for Benifex's answers. The same file for the same period is an \
                ordinary night",
            to_do: "get the file of the period, or fetch again; nothing is corrected until then. `run --accept-swing` \
                takes it as it is",
            owner: Some(Operator), blocks: Everybody,
        }
        CT08 S1 "period gap or overlap" {
            compares: "the pay period of each pay group, with the last one of the same group",
            tolerance: "days between that are at most half a period; a gap after a single period",
            to_do: "run with the file that is missing, or correct the dates; nothing is corrected until then. \
                `run --accept-swing` takes the period as it is",
            owner: Some(Payroll), blocks: Everybody,
        }
        CT09 S3 "tolerated drift" {
            compares: "the sum of all differences within the rounding tolerance, by benefit and payer, with what is due",
            tolerance: "500.00; 0.1 % of what is due where that is at least 1.00",
            to_do: "agree with payroll on one way of rounding", owner: Some(Payroll),
        }
        CT10 S1 "source disposition" {
            compares: "the rows of each source, with matched + finding + out of scope + rejected + unverified",
            to_do: "a fault of tieout: report it; the run queues nothing and leaves with 7", blocks: Everybody,
        }
        CT11 S2 "unparseable field" {
            compares: "dates, amounts and statuses that are there, with what can be read or is mapped in the job",
            to_do: "correct the field at its source or name the value in the job; rules that need it are left out \
                until then",
        }
        CT12 S3 "waiver expired" {
            compares: "the last day of each waiver, with tonight, where what was waived is still there",
            to_do: "put right what was waived, or waive it anew", owner: Some(Approver),
        }
    }

    Identity {
        ID01 S2 "payroll person not in Benifex" {
            compares: "employees on payroll, with a complete answer of Benifex",
            tolerance: "rules.new_hire_grace_days after the hire date",
            to_do: "add the employee to Benifex or stop the deductions",
            owner: Some(Benefits), leads_to: Some(CorrectionKind::NewHire),
        }
        ID02 S2 "Benifex person not on payroll" {
            compares: "people with a live benefit and no past leave date in Benifex, with the employees on payroll",
            tolerance: "started in this period or within rules.new_hire_grace_days",
            to_do: "put the employee on payroll or end the benefits", owner: Some(Payroll),
        }
        ID03 S2 "Oyster engagement unlinked" {
            compares: "the engagements that Oyster lists, with the crosswalk and, if the job says so, payroll's \
                e-mails; the crosswalk's engagements, with a whole list",
            tolerance: "never by name; engagements that ended before tonight with nothing in force",
            to_do: "enter the engagement into the crosswalk, or correct the link that leads nowhere",
            owner: Some(Operator), blocks: Concerned,
        }
        ID04 S1 "duplicate key" {
            compares: "rows of one employee and code; links of one employee, Benbase id or engagement in the crosswalk",
            tolerance: "deductions.split_codes",
            to_do: "take the repeated rows out or list the code as split", owner: Some(Payroll), blocks: Concerned,
        }
        ID05 S2 "near-match id" {
            compares: "payroll ids that Benifex does not know, with Benifex's that payroll does not: equal but for leading \
                zeros, blanks, case, O for 0; or else the only ones with one birth date and name, or given name and hire date",
            to_do: "correct the id where it is wrong; the two are never joined by guess, and what was open under the old \
                one is the new one's once both systems have it",
            owner: Some(Payroll), blocks: Concerned,
        }
        ID06 S1 "same id, different person" {
            compares: "birth date and surname of both sources under one id",
            tolerance: "both must differ; surnames and names at least 0.8 alike are spellings of one; day and month \
                swapped under one given name",
            to_do: "find out whose id it is; nothing of it is compared or corrected until then",
            owner: Some(Payroll), blocks: Concerned,
        }
        ID08 S3 "no Benbase id" {
            compares: "employees with a pay, status or address finding, with the crosswalk; who has a Benbase id by it, with who \
                had it by name and birth date; what Benbase last accepted under a new id, with that under the id before",
            to_do: "enter the employee's own Benbase id into the crosswalk", owner: Some(Operator), blocks: Concerned,
        }
        ID09 S3 "pay group or legal entity conflict" {
            compares: "the pay group and legal entity of people on payroll with Benifex's; of people in Benifex who are not on \
                payroll, with those of the file or of payroll.pay_groups and payroll.legal_entities, tonight and before the \
                cut-off",
            tolerance: "whoever was of another payroll all along is out of scope; words that only one source uses; who was \
                moved in Benifex since the cut-off and is on payroll",
            to_do: "correct the group where it is wrong, or see that the other payroll goes on with the deductions",
            owner: Some(Payroll),
        }
    }

    Currency {
        CU01 S1 "currency mismatch" {
            compares: "the currencies of payroll line, employee, employer and cost amount, and of Oyster's price, of \
                one benefit",
            tolerance: "none; nothing is converted",
            to_do: "correct the wrong currency", owner: Some(Payroll), blocks: Concerned,
        }
        CU02 S3 "salary currency unknown" {
            compares: "salaries in Benifex, with the currencies that the job names by pay group and country of work",
            to_do: "add the currency to the job", owner: Some(Operator),
        }
    }

    Existence {
        EN01 S2 "missing deduction" {
            compares: "live benefits with something due, with payroll's lines",
            tolerance: "none; a written 0.00 is a line",
            to_do: "start the deduction and collect what is missing", owner: Some(Payroll),
        }
        EN02 S2 "deduction without enrollment" {
            compares: "payroll amounts other than 0, with the benefits in force and the enrollments in Oyster",
            to_do: "stop the deduction and refund it, or enrol the employee", owner: Some(Payroll),
        }
        EN04 S2 "leaver still enrolled" {
            compares: "live benefits, with the end of cover after the later leave date of both sources",
            tolerance: "rules.coverage_end",
            to_do: "end the benefit or correct the leave date",
            owner: Some(Benefits), leads_to: Some(CorrectionKind::Termination), uncollected: Direction::PaidForNothing,
        }
        EN05 S2 "leaver still deducted" {
            compares: "payroll amounts other than 0, with the end of cover after the later leave date of both sources",
            tolerance: "rules.coverage_end",
            to_do: "stop the deduction and refund it, or correct the leave date", owner: Some(Payroll),
        }
        EN06 S2 "status conflict" {
            compares: "whether somebody has left by payroll's leave date, with Benifex's leave date and employment status",
            tolerance: "5 days after a leave date; payroll's own date only where payroll keeps to it",
            to_do: "find out which is right and correct the other; no benefit is judged until then", owner: Some(Payroll),
        }
        EN07 S3 "double cover" {
            compares: "live benefits in Benifex, with enrollments in force in Oyster of the same employee and category",
            tolerance: "oyster.categories",
            to_do: "end one of the two", owner: Some(Benefits), uncollected: Direction::PaidForNothing,
        }
        EN08 S2 "charged while Oyster not live" {
            compares: "payroll amounts other than 0, with the state that Oyster's enrollment was known to have at \
                payroll's cut-off: only ENROLLED is live",
            tolerance: "CANCELED and FINISHED: one trailing period",
            to_do: "stop the deduction and refund it, or have the enrollment completed", owner: Some(Payroll),
        }
        EN09 S3 "Oyster live, no charge" {
            compares: "enrollments in force of which the employee pays a part, with payroll's lines",
            tolerance: "none; a written 0.00 is a line",
            to_do: "start the deduction and collect what is missing", owner: Some(Payroll),
        }
        EN10 S3 "Oyster state stuck" {
            compares: "how long an enrollment has been seen in one state that is neither in force nor over",
            tolerance: "oyster.stuck_after_days; oyster.requested_stuck_after_days for REQUESTED",
            to_do: "ask Oyster what the enrollment waits for", owner: Some(Benefits),
        }
        EN11 S3 "deducted before start" {
            compares: "payroll amounts other than 0, with the first day of cover, where no other cover came before it",
            tolerance: "first_deduction = \"in advance\" in the schemes of the job",
            to_do: "refund it, or say that the scheme deducts in advance", owner: Some(Payroll),
        }
        EN13 S2 "unmapped code" {
            compares: "payroll codes, benefit keys and Oyster's plans, with the job's map in both directions",
            tolerance: "ignored_codes, ignored_benefits and ignored_plans, each with a reason",
            to_do: "map the code or key, or leave it out with a reason", owner: Some(Operator),
        }
        EN15 S3 "contractor deducted like an employee" {
            compares: "payroll amounts other than 0 for benefits, with the type of the employee's engagement in Oyster",
            tolerance: "oyster.contractor_benefits",
            to_do: "stop the deduction and refund it, or allow the benefit for contractors", owner: Some(Payroll),
        }
        EN14 S3 "benefit vanished" {
            compares: "payroll amounts without a record in Benifex, with what was due in the period before; told beside EN02",
            tolerance: "leavers",
            to_do: "ask the benefits team whether the cover ended, and when; then stop the deduction or restore the cover",
            owner: Some(Benefits),
        }
        EN16 S3 "deduction on a zero-benefit employee group" {
            compares: "payroll amounts other than 0, with the pay groups that may have the benefit",
            tolerance: "eligible in the schemes of the job",
            to_do: "stop the deduction and refund it, or correct who is eligible", owner: Some(Payroll),
        }
    }

    Timing {
        TM01 S2 "late start" {
            compares: "the periods since the first day of cover whose payroll is known, with what payroll took for them",
            tolerance: ROUNDING,
            to_do: "collect what is missing, or write it off with a reason", owner: Some(Payroll),
        }
        TM03 S2 "catch-up over-run" {
            compares: "what payroll takes beside what is due, with the balance of the periods before",
            tolerance: ROUNDING,
            to_do: "end the catch-up and refund what was taken after the balance was settled", owner: Some(Payroll),
        }
        TM07 S5 "cut-off timing" {
            compares: "lines that differ because an election changed after the cut-off, with the newest snapshot \
                from before it",
            tolerance: ROUNDING,
            to_do: "nothing; it clears with the next period",
        }
        TM09 S3 "extra-period over-collection" {
            compares: "payroll amounts on the 27th, 53rd or 14th pay date of a year, where an amount is a 26th, 52nd or \
                13th of the yearly one",
            tolerance: "extra_pay_date = \"deduction\" in the schemes of the job",
            to_do: "refund it, or say that amounts are built on the extra pay date", owner: Some(Payroll),
        }
        TM10 S2 "off-cycle repeat" {
            compares: "what the regular run and the other runs of the period took, each with what is due; told beside AM01 and \
                AM02",
            tolerance: ROUNDING,
            to_do: "refund one of the two, and see that the off-cycle run takes no deductions", owner: Some(Payroll),
        }
        TM11 S3 "leave of absence" {
            compares: "live benefits with something due and no deduction, with the employment status in Benifex and the \
                hours on payroll of somebody who is away",
            to_do: "hold the amount as arrears and collect it by the scheme's rule for leave", owner: Some(Payroll),
        }
        TM12 S2 "balance left at exit" {
            compares: "the balance of each benefit of somebody who has left, with nothing",
            tolerance: ROUNDING,
            to_do: "settle the balance with the final pay, or write it off with a reason", owner: Some(Payroll),
        }
    }

    Amount {
        AM01 S2 "employee amount differs" {
            compares: "the employee amount on payroll, with monthly (12 a year) or annual / deductions a year in \
                Benifex",
            tolerance: ROUNDING,
            to_do: "correct the deduction, refund or collect the difference; S3 unless material",
            owner: Some(Payroll), immaterial: Some(Severity::S3),
        }
        AM02 S3 "employer amount differs" {
            compares: "the employer amount on payroll, with monthly (12 a year) or annual / deductions a year in \
                Benifex",
            tolerance: ROUNDING,
            to_do: "correct the employer amount", owner: Some(Payroll),
        }
        AM05 S2 "wrong divisor" {
            compares: "an amount that differs × another number of deductions a year, with the yearly amount; told beside AM01 \
                and AM02",
            tolerance: "half a minor unit a deduction, and six",
            to_do: "correct the number of deductions in payroll or in the job", owner: Some(Payroll),
        }
        AM06 S3 "deduction-holiday break" {
            compares: "payroll amounts, with the pay dates on which the benefit is deducted: stated, or the first of each \
                month where deductions a year are fewer than pays",
            tolerance: "deduction_dates in the schemes of the job",
            to_do: "refund it, or say on which pay dates the benefit is deducted", owner: Some(Payroll),
        }
        AM07 S2 "stale rate" {
            compares: "an amount that differs, with what was due in the period before by an earlier record of cover; told beside \
                AM01 and AM02",
            tolerance: ROUNDING,
            to_do: "load the new rate in payroll and collect or refund the difference", owner: Some(Payroll),
        }
        AM08 S3 "proration break" {
            compares: "amounts of a period in which cover begins or ends, with the scheme's proration; without one, with \
                nothing, all, and a part by calendar days, working days or thirtieths",
            tolerance: ROUNDING,
            to_do: "correct the deduction, or state the scheme's rule in the job", owner: Some(Payroll),
        }
        AM09 S2 "payer swap" {
            compares: "the amounts of employee and employer, with what is due of the other",
            tolerance: ROUNDING,
            to_do: "exchange the two amounts and settle the difference between the payers", owner: Some(Payroll),
        }
        AM10 S3 "negative or refund" {
            compares: "the sign of all amounts of a code, with what is due",
            to_do: "say in the job which sign a deduction has in the file", owner: Some(Operator),
        }
        AM13 S2 "percentage pension" {
            compares: "amounts of benefits that are a percentage of pay, with that of the salary and of gross_pay",
            tolerance: "percent_of_pay in the schemes of the job; anything between the two",
            to_do: "correct the percentage and refund what is too much", owner: Some(Payroll),
        }
        AM14 S3 "unit-scale suspicion" {
            compares: "shares of the employer, with the unit of the endpoint that gave them: percents or fractions",
            tolerance: "none; nothing is converted by its size",
            to_do: "have the share put right in Oyster", owner: Some(Benefits),
        }
        AM15 S4 "estimate drift" {
            compares: "what payroll charges, with Oyster's estimated price × share / deductions a year",
            tolerance: "the greater of oyster.estimate_tolerance_share and oyster.estimate_tolerance",
            to_do: "check price and share, and correct the deduction if it is wrong", owner: Some(Payroll),
        }
        AM16 S5 "unpriceable" {
            compares: "enrollments in force that cover dependants, or whose plan or share has no price",
            tolerance: "never compared, never called a difference",
            to_do: "nothing; the amount can't be computed from what Oyster tells",
        }
    }

    Compensation {
        CO01 S2 "salary differs" {
            compares: "the annualised salary on payroll, with the annualised salary in Benifex, in one currency",
            tolerance: "the greater of rules.salary_tolerance and rules.salary_tolerance_ppm; other readings of hours \
                and full-time share",
            to_do: "the side that is not rules.compensation_authority follows", leads_to: Some(CorrectionKind::Compensation),
        }
        CO02 S4 "effective date differs" {
            compares: "the day from which an equal salary is in force, in both sources",
            tolerance: "less than the days of one period",
            to_do: "the side that is not rules.compensation_authority follows", leads_to: Some(CorrectionKind::Compensation),
        }
        CO03 S2 "frequency differs" {
            compares: "pay periods of 52, 26, 24 or 12 in Benifex and the days of payroll's period, with payroll's pay \
                frequency",
            tolerance: "other numbers, and pay periods that are the deductions of a year, are not compared",
            to_do: "the side that is not rules.compensation_authority follows", leads_to: Some(CorrectionKind::Compensation),
        }
        CO04 S3 "employment status differs" {
            compares: "full or part time by FTE in Benifex, with payroll's status",
            tolerance: "rules.full_time_from_fte; variable hours are not compared",
            to_do: "the side that is not rules.compensation_authority follows", leads_to: Some(CorrectionKind::Compensation),
        }
        CO06 S4 "basis of pay ambiguous" {
            compares: "salaries of part-timers that differ, and salaries in Benifex that are a month's, a pay's or an \
                hour's by their size, with what the job states of their basis",
            tolerance: "whatever an accepted reading makes equal is no difference",
            to_do: "name the basis in the job; nothing is sent until then", owner: Some(Operator),
        }
        CO07 S2 "Benbase drift" {
            compares: "what Benbase last accepted for pay, frequency and status, and the first day of a pay that was \
                sent, with the authority's values today",
            tolerance: "none; another basis where both sources have it or it took effect since; another first day \
                where both have it",
            to_do: "approve the correction where there is one",
            owner: Some(Approver), leads_to: Some(CorrectionKind::Compensation),
        }
    }

    Demographic {
        DE01 S3 "address differs" {
            compares: "payroll's address with the one that Benbase last accepted, and its ZIP code with Benifex's \
                postcode",
            tolerance: "case, accents, punctuation, the words of USPS Publication 28, the line of a unit; line 2 without \
                a column for it; five digits of the ZIP code",
            to_do: "approve the correction where there is one, or correct the wrong postcode",
            leads_to: Some(CorrectionKind::Demographic),
        }
        DE02 S2 "state changed" {
            compares: "payroll's state, by letters or name, with the one that Benbase last accepted",
            to_do: "approve the correction where there is one; tax and plans follow the state",
            owner: Some(Approver), leads_to: Some(CorrectionKind::Demographic),
        }
        DE04 S4 "name differs" {
            compares: "payroll's name, with first, preferred and local name in Benifex",
            tolerance: "case, accents, punctuation, order; middle names, second surnames, initials, suffixes, titles and \
                familiar forms; rules.name_similarity",
            to_do: "check that it is one person and correct the wrong name", owner: Some(Payroll),
        }
        DE05 S2 "birth date differs" {
            compares: "the birth dates of both sources; a swap of day and month is named",
            to_do: "correct the wrong one; premiums by age depend on it", owner: Some(Payroll),
        }
        DE07 S2 "leave date differs" {
            compares: "payroll's termination date, with Benifex's leave date, neither of them before a later hire or start",
            tolerance: "rules.leave_date_tolerance_days; a date that only one side has counts once it has passed, Benifex's within the file's period",
            to_do: "correct the wrong one; when cover ends depends on it",
            owner: Some(Payroll), leads_to: Some(CorrectionKind::Termination),
        }
    }
}
