//! What earlier nights left open of people's pay and personal data: a night on which a source says nothing of it proves
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use crate::Store;
use tieout_model::code::Code;
use tieout_model::correction::CorrectionKind;
use tieout_model::history::Pending;
use tieout_model::ids::PayrollId;

impl Store {
    /// All but whose new hire or termination waits, which is the job's to ask.
    pub fn pending(&self) -> anyhow::Result<Pending> {
        let mut open: BTreeMap<PayrollId, BTreeSet<(Code, String)>> = BTreeMap::new();
        let sql = "SELECT employee_id, code, field FROM finding
                   WHERE status = 'open' AND employee_id <> '' AND (code LIKE 'CO%' OR code LIKE 'DE%')";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next().context("read the open findings on people")? {
            let (employee_id, code, field): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if let Ok(code) = code.parse() {
                open.entry(PayrollId::new(employee_id)).or_default().insert((code, field));
            }
        }
        let mut changing: BTreeMap<PayrollId, BTreeSet<CorrectionKind>> = BTreeMap::new();
        let sql = "SELECT employee_id, kind FROM queue
                   WHERE state IN ('proposed', 'approved', 'sending', 'in_doubt')
                       AND kind IN ('compensation', 'demographic')";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next().context("read whose changes wait")? {
            let employee_id = PayrollId::new(row.get::<_, String>(0)?);
            let kind: String = row.get(1)?;
            changing.entry(employee_id).or_default().extend(CorrectionKind::parse(&kind));
        }
        Ok(Pending { open, changing, ..Pending::default() })
    }
}
