//! Which benefits and deductions a world has, and what each source calls them.

/// A benefit, or a deduction without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Medical,
    Dental,
    Pension,
    Life,
    Cycle,
    /// A payroll code that no job maps (EN13); never a benefit.
    Gym,
    /// A benefit key that no job maps (EN13); never a deduction.
    Pet,
}

/// Columns of the wide payroll: [`Kind::Medical`] to [`Kind::Gym`].
pub const CODES: usize = 6;

impl Kind {
    /// The benefits that a clean person may have.
    pub const ORDINARY: [Kind; 5] = [Kind::Medical, Kind::Dental, Kind::Pension, Kind::Life, Kind::Cycle];
    /// Every payroll code, in the order of the columns.
    pub const DEDUCTED: [Kind; CODES] =
        [Kind::Medical, Kind::Dental, Kind::Pension, Kind::Life, Kind::Cycle, Kind::Gym];

    /// Benifex `benefitKey`.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Medical => "_Medical",
            Kind::Dental => "_Dental",
            Kind::Pension => "_Pension",
            Kind::Life => "_LifeInsurance",
            Kind::Cycle => "_CycleToWork",
            Kind::Gym => "_Gym",
            Kind::Pet => "_PetInsurance",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Kind::Medical => "Medical Cover",
            Kind::Dental => "Dental Plan",
            Kind::Pension => "Pension",
            Kind::Life => "Life Assurance",
            Kind::Cycle => "Cycle to Work",
            Kind::Gym => "Gym",
            Kind::Pet => "Pet Insurance",
        }
    }

    /// Payroll code.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Medical => "MED",
            Kind::Dental => "DEN",
            Kind::Pension => "PEN",
            Kind::Life => "LIFE",
            Kind::Cycle => "CYC",
            Kind::Gym => "GYM",
            Kind::Pet => "PET",
        }
    }
}
