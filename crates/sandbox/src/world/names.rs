//! Names and places of generated people. All invented; the places exist so that ZIP codes with leading zeros do.

use crate::world::records::Address;

pub const FIRST: [&str; 28] = [
    "Amara", "Benedict", "Zoë", "Łukasz", "Priya", "Marcus", "Siobhán", "José", "Hannah", "Dmitri", "Aoife", "Wei",
    "Noor", "Grace", "Tomás", "Ingrid", "Kwame", "Elena", "Ravi", "Chloé", "Samuel", "Mei-Ling", "Oliver", "Fatima",
    "Jürgen", "Ana", "D'Angelo", "Ruth",
];

pub const LAST: [&str; 28] = [
    "O'Neill",
    "García-Márquez",
    "Wiśniewski",
    "Okafor",
    "Thornbury",
    "Lefèvre",
    "Featherstonehaugh-Cholmondeley-Wetherington",
    "Patel",
    "Brontë",
    "Nakamura",
    "D'Souza",
    "Lindqvist",
    "Abernathy",
    "van der Berg",
    "Castellanos",
    "MacGregor",
    "Oyelaran",
    "Petrov",
    "Whitcombe",
    "Núñez",
    "Harrington",
    "Müller",
    "Ferreira",
    "Sørensen",
    "Delacroix",
    "Ramaswamy",
    "St. Clair",
    "Kowalczyk",
];

/// Names that share nothing with those above, whatever measure of similarity is used (DE04).
pub const STRANGERS: [(&str, &str); 4] =
    [("Yuki", "Fukuzawa"), ("Bob", "Quigg"), ("Xavi", "Zubizarreta"), ("Qiu", "Vybíral")];

/// A name and how an export without accents, in capitals, writes it.
pub const UNACCENTED: [(&str, &str, &str, &str); 5] = [
    ("Zoë", "Brontë", "ZOE", "BRONTE"),
    ("José", "García-Márquez", "JOSE", "GARCIA-MARQUEZ"),
    ("Łukasz", "Wiśniewski", "LUKASZ", "WISNIEWSKI"),
    ("Chloé", "Lefèvre", "CHLOE", "LEFEVRE"),
    ("Siobhán", "Núñez", "SIOBHAN", "NUNEZ"),
];

/// A first name and the one its bearer goes by.
pub const PREFERRED: [(&str, &str); 4] =
    [("William", "Bill"), ("Elizabeth", "Liz"), ("Robert", "Bob"), ("Margaret", "Peggy")];

/// A name in use and the name at home.
pub const LOCAL: [(&str, &str, &str, &str); 3] =
    [("Simon", "Lee", "Xiaoming", "Li"), ("Grace", "Kim", "Eun-ji", "Gim"), ("Jack", "Ma", "Yun", "Ma")];

/// City, state, ZIP.
const US_PLACES: [(&str, &str, &str); 12] = [
    ("Boston", "MA", "02139"),
    ("Hoboken", "NJ", "07030"),
    ("Hartford", "CT", "06103"),
    ("Portland", "ME", "04101"),
    ("Austin", "TX", "78701"),
    ("Seattle", "WA", "98104"),
    ("Denver", "CO", "80202"),
    ("Chicago", "IL", "60614"),
    ("Atlanta", "GA", "30303"),
    ("Phoenix", "AZ", "85004"),
    ("Columbus", "OH", "43215"),
    ("Washington", "DC", "20009"),
];

/// Town, postcode.
const UK_PLACES: [(&str, &str); 7] = [
    ("Southampton", "SO14 0AA"),
    ("London", "N1 9GU"),
    ("Leeds", "LS1 4AP"),
    ("Bristol", "BS1 5TR"),
    ("Edinburgh", "EH1 1YZ"),
    ("Cardiff", "CF10 1EP"),
    ("York", "YO1 7HH"),
];

/// Street words in full and as the postal service shortens them.
pub const SUFFIXES: [(&str, &str); 8] = [
    ("Street", "St"),
    ("Avenue", "Ave"),
    ("Road", "Rd"),
    ("Boulevard", "Blvd"),
    ("Drive", "Dr"),
    ("Lane", "Ln"),
    ("Court", "Ct"),
    ("Place", "Pl"),
];

const STREETS: [&str; 10] =
    ["Maple", "Juniper", "Harbor", "Cedar", "Willow", "Foundry", "Orchard", "Beacon", "Granite", "Prospect"];

/// Characters of an id of Oyster.
const OYSTER_ID: usize = 8;

/// One of a list.
pub fn pick<T: Copy>(rng: &mut fastrand::Rng, list: &[T]) -> T {
    list[rng.usize(..list.len())]
}

/// An id of eight letters and digits, as Oyster has them.
pub fn code(rng: &mut fastrand::Rng) -> String {
    std::iter::repeat_with(|| rng.alphanumeric()).take(OYSTER_ID).collect()
}

/// An address in the United States, spelled in full.
pub fn us_address(rng: &mut fastrand::Rng) -> Address {
    let (city, state, zip) = pick(rng, &US_PLACES);
    let line2 = if rng.u8(..4) == 0 { format!("Apartment {}", rng.u16(1..400)) } else { String::new() };
    Address {
        line1: format!("{} {} {}", rng.u16(1..9_900), pick(rng, &STREETS), pick(rng, &SUFFIXES).0),
        line2,
        city: city.to_owned(),
        state: state.to_owned(),
        zip: zip.to_owned(),
    }
}

/// A place in the United States other than `than`: another city, state and ZIP.
pub fn other_us_place(rng: &mut fastrand::Rng, than: &Address) -> (&'static str, &'static str, &'static str) {
    let start = rng.usize(..US_PLACES.len());
    let differs = |place: &&(&str, &str, &str)| place.0 != than.city && place.1 != than.state && place.2 != than.zip;
    *US_PLACES.iter().cycle().skip(start).find(differs).expect("the places differ from each other")
}

/// An address in the United Kingdom; `state` stays blank.
pub fn uk_address(rng: &mut fastrand::Rng) -> Address {
    let (town, postcode) = pick(rng, &UK_PLACES);
    Address {
        line1: format!("{} {} {}", rng.u16(1..300), pick(rng, &STREETS), pick(rng, &["Road", "Lane", "Terrace"])),
        line2: if rng.u8(..4) == 0 { format!("Flat {}", rng.u16(1..60)) } else { String::new() },
        city: town.to_owned(),
        state: String::new(),
        zip: postcode.to_owned(),
    }
}

/// An address in Ireland; `state` stays blank.
pub fn ie_address(rng: &mut fastrand::Rng) -> Address {
    Address {
        line1: format!("{} {} Road", rng.u16(1..200), pick(rng, &STREETS)),
        line2: String::new(),
        city: "Dublin".to_owned(),
        state: String::new(),
        zip: "D02 X285".to_owned(),
    }
}

/// An address in Spain; `state` stays blank.
pub fn es_address(rng: &mut fastrand::Rng) -> Address {
    Address {
        line1: format!("Calle {} {}", pick(rng, &["Mayor", "de Alcalá", "del Prado"]), rng.u16(1..200)),
        line2: String::new(),
        city: "Madrid".to_owned(),
        state: String::new(),
        zip: format!("280{:02}", rng.u8(1..55)),
    }
}
