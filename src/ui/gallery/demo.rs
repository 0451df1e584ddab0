//! Sample people of the specimen page: names are the same in every language.

pub(super) const PEOPLE: [&str; 6] = [
    "Ada Lovelace",
    "Grace Hopper",
    "王小明",
    "Alan Turing",
    "Linus",
    "María José",
];
