//! Cover and prices that begin, end or change: in a period, before it, or told late.

mod added_up;
mod another_plan;
mod ended_after;
mod final_pay;
mod first_parts;
mod given_back;
mod gone_cover;
mod last_deduction;
mod late_renewals;
mod mended;
mod new_price;
mod part_period;
mod price_by_rule;
mod put_off;
mod read_again;
mod stated_anew;
