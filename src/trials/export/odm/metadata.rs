//! The study and its definitions: units, events, forms, items and lists of codes.

use super::plan::{Plan, RECORD_TIME, YEAR, field_oid, measure_oid, unit_oid};
use super::xml::Xml;
use crate::i18n::{Language, t, with};
use crate::trials::vitals::{Measure, Range};
use crate::trials::{GREATEST_AGE, Sex, SubjectStatus};

/// The label of something in the current language.
type Label = fn() -> &'static str;

/// The fields of a subject, by their names in the audit trail.
pub const FIELDS: [&str; 4] = ["age", "sex", "arm", "status"];

/// The events: identifier, name, form, group of items, whether there may be several.
const EVENTS: [(&str, Label, &str, &str, bool); 2] = [
    (
        "SE.DM",
        || t!("trials-demographics"),
        "FO.DM",
        "IG.DM",
        false,
    ),
    ("SE.VS", || t!("trials-vital-signs"), "FO.VS", "IG.VS", true),
];

/// The units: identifier, that of UCUM, symbol.
const UNITS: [(&str, &str, Label); 5] = [
    (YEAR, "a", || t!("trials-years")),
    (unit_oid(Measure::HeartRate), "/min", || {
        Measure::HeartRate.unit()
    }),
    (unit_oid(Measure::Systolic), "mm[Hg]", || {
        Measure::Systolic.unit()
    }),
    (unit_oid(Measure::Temperature), "Cel", || {
        Measure::Temperature.unit()
    }),
    (unit_oid(Measure::OxygenSaturation), "%", || {
        Measure::OxygenSaturation.unit()
    }),
];

/// Writes the element `Study`.
pub fn write_study(xml: &mut Xml, plan: &Plan) {
    let study = &plan.study;
    xml.begin("Study", &[("OID", &plan.study_oid())]);
    xml.begin("GlobalVariables", &[]);
    xml.text("StudyName", &[], &study.code);
    xml.text("StudyDescription", &[], &study.title);
    xml.text("ProtocolName", &[], &study.code);
    xml.end("GlobalVariables");
    xml.begin("BasicDefinitions", &[]);
    for (oid, ucum, label) in UNITS {
        let name = in_english(label);
        xml.begin("MeasurementUnit", &[("OID", oid), ("Name", name)]);
        translated(xml, "Symbol", label);
        xml.empty("Alias", &[("Context", "UCUM"), ("Name", ucum)]);
        xml.end("MeasurementUnit");
    }
    xml.end("BasicDefinitions");
    let (oid, name) = (plan.version_oid(), study.code.as_str());
    xml.begin("MetaDataVersion", &[("OID", &oid), ("Name", name)]);
    write_events(xml);
    write_items(xml, plan);
    write_lists(xml, plan);
    xml.end("MetaDataVersion");
    xml.end("Study");
}

fn write_events(xml: &mut Xml) {
    xml.begin("Protocol", &[]);
    for (number, (oid, ..)) in (1..).zip(EVENTS) {
        let number = number.to_string();
        let reference = [
            ("StudyEventOID", oid),
            ("OrderNumber", &number),
            ("Mandatory", yes(oid == "SE.DM")),
        ];
        xml.empty("StudyEventRef", &reference);
    }
    xml.end("Protocol");
    for (oid, label, form, _, repeating) in EVENTS {
        let kind = if repeating {
            "Unscheduled"
        } else {
            "Scheduled"
        };
        let definition = [
            ("OID", oid),
            ("Name", in_english(label)),
            ("Repeating", yes(repeating)),
            ("Type", kind),
        ];
        xml.begin("StudyEventDef", &definition);
        translated(xml, "Description", label);
        xml.empty("FormRef", &[("FormOID", form), ("Mandatory", "Yes")]);
        xml.end("StudyEventDef");
    }
    for (_, label, form, group, _) in EVENTS {
        xml.begin("FormDef", &definition(form, label));
        xml.empty(
            "ItemGroupRef",
            &[("ItemGroupOID", group), ("Mandatory", "Yes")],
        );
        xml.end("FormDef");
    }
    let mut items = Vec::from(FIELDS.map(|field| (field_oid(field), field != "arm")));
    write_group(xml, EVENTS[0].3, EVENTS[0].1, &items);
    items.clear();
    items.push((RECORD_TIME.to_owned(), true));
    let needed = [Measure::HeartRate, Measure::Systolic, Measure::Diastolic];
    items.extend(Measure::ALL.map(|measure| (measure_oid(measure), needed.contains(&measure))));
    write_group(xml, EVENTS[1].3, EVENTS[1].1, &items);
}

/// The attributes of a form or a group, which is there once in each event.
fn definition(oid: &str, label: Label) -> [(&'static str, &str); 3] {
    [
        ("OID", oid),
        ("Name", in_english(label)),
        ("Repeating", "No"),
    ]
}

fn write_group(xml: &mut Xml, oid: &str, label: Label, items: &[(String, bool)]) {
    xml.begin("ItemGroupDef", &definition(oid, label));
    for (number, (item, mandatory)) in (1..).zip(items) {
        let number = number.to_string();
        let reference = [
            ("ItemOID", item.as_str()),
            ("OrderNumber", &number),
            ("Mandatory", yes(*mandatory)),
        ];
        xml.empty("ItemRef", &reference);
    }
    xml.end("ItemGroupDef");
}

fn write_items(xml: &mut Xml, plan: &Plan) {
    let age = Item {
        kind: "integer",
        length: 3,
        sdtm: "AGE",
        unit: Some(YEAR),
        ..Item::new(field_oid("age"), || t!("trials-age"))
    };
    let ages = Range {
        low: 1,
        high: GREATEST_AGE,
    };
    age.write(xml, |xml| {
        write_range(
            xml,
            "Hard",
            YEAR,
            [ages.low, ages.high].map(|age| age.to_string()),
        );
    });
    let sex = Item {
        sdtm: "SEX",
        list: Some("CL.SEX"),
        ..Item::new(field_oid("sex"), || t!("trials-sex"))
    };
    sex.write(xml, |_| {});
    let arm = Item {
        sdtm: "ARM",
        length: 60,
        // A list of none is no list.
        list: (!plan.arms.is_empty()).then_some("CL.ARM"),
        ..Item::new(field_oid("arm"), || t!("trials-arm"))
    };
    arm.write(xml, |_| {});
    let status = Item {
        list: Some("CL.STATUS"),
        ..Item::new(field_oid("status"), || t!("trials-status"))
    };
    status.write(xml, |_| {});
    let time = Item {
        kind: "datetime",
        length: 0,
        sdtm: "VSDTC",
        ..Item::new(RECORD_TIME.to_owned(), || t!("trials-record-time"))
    };
    time.write(xml, |_| {});
    for measure in Measure::ALL {
        write_measure(xml, plan, measure);
    }
}

/// Writes the definition of a measure: values outside the possible are refused, those outside the expected are marked.
fn write_measure(xml: &mut Xml, plan: &Plan, measure: Measure) {
    let (code, label): (_, Label) = match measure {
        Measure::HeartRate => ("HR", || Measure::HeartRate.label()),
        Measure::Systolic => ("SYSBP", || Measure::Systolic.label()),
        Measure::Diastolic => ("DIABP", || Measure::Diastolic.label()),
        Measure::Temperature => ("TEMP", || Measure::Temperature.label()),
        Measure::OxygenSaturation => ("OXYSAT", || Measure::OxygenSaturation.label()),
        Measure::RespiratoryRate => ("RESP", || Measure::RespiratoryRate.label()),
    };
    let decimal = measure == Measure::Temperature;
    let unit = unit_oid(measure);
    let item = Item {
        kind: if decimal { "float" } else { "integer" },
        length: if decimal { 4 } else { 3 },
        digits: decimal.then_some("1"),
        test: Some(code),
        unit: Some(unit),
        ..Item::new(measure_oid(measure), label)
    };
    item.write(xml, |xml| {
        for (strength, range) in [
            ("Hard", measure.possible()),
            ("Soft", plan.ranges.of(measure)),
        ] {
            let ends = [range.low, range.high].map(|value| measure.format(value));
            write_range(xml, strength, unit, ends);
        }
    });
}

fn write_range(xml: &mut Xml, strength: &str, unit: &str, [low, high]: [String; 2]) {
    for (comparator, value) in [("GE", low), ("LE", high)] {
        xml.begin(
            "RangeCheck",
            &[("Comparator", comparator), ("SoftHard", strength)],
        );
        xml.text("CheckValue", &[], &value);
        xml.empty("MeasurementUnitRef", &[("MeasurementUnitOID", unit)]);
        xml.end("RangeCheck");
    }
}

/// The definition of an item.
struct Item {
    oid: String,
    label: Label,
    kind: &'static str,
    /// 0 if the type has none.
    length: u32,
    digits: Option<&'static str>,
    /// The variable of SDTM that it becomes, if it is one; or the code of a test of vital signs.
    sdtm: &'static str,
    test: Option<&'static str>,
    unit: Option<&'static str>,
    list: Option<&'static str>,
}

impl Item {
    /// A text of a few letters.
    fn new(oid: String, label: Label) -> Self {
        Self {
            oid,
            label,
            kind: "text",
            length: 16,
            digits: None,
            sdtm: "",
            test: None,
            unit: None,
            list: None,
        }
    }

    fn write(&self, xml: &mut Xml, ranges: impl FnOnce(&mut Xml)) {
        let length = self.length.to_string();
        let mut attributes = vec![
            ("OID", self.oid.as_str()),
            ("Name", in_english(self.label)),
            ("DataType", self.kind),
        ];
        if self.length > 0 {
            attributes.push(("Length", &length));
        }
        if let Some(digits) = self.digits {
            attributes.push(("SignificantDigits", digits));
        }
        if !self.sdtm.is_empty() {
            attributes.push(("SDSVarName", self.sdtm));
        }
        xml.begin("ItemDef", &attributes);
        translated(xml, "Description", self.label);
        if let Some(unit) = self.unit {
            xml.empty("MeasurementUnitRef", &[("MeasurementUnitOID", unit)]);
        }
        ranges(xml);
        if let Some(list) = self.list {
            xml.empty("CodeListRef", &[("CodeListOID", list)]);
        }
        if let Some(code) = self.test {
            xml.empty("Alias", &[("Context", "VSTESTCD"), ("Name", code)]);
        }
        xml.end("ItemDef");
    }
}

fn write_lists(xml: &mut Xml, plan: &Plan) {
    begin_list(xml, "CL.SEX", || t!("trials-sex"));
    for sex in Sex::ALL {
        xml.begin("CodeListItem", &[("CodedValue", sex.as_str())]);
        translated(xml, "Decode", || sex.label());
        xml.end("CodeListItem");
    }
    xml.end("CodeList");
    begin_list(xml, "CL.STATUS", || t!("trials-status"));
    for status in SubjectStatus::ALL {
        xml.begin("CodeListItem", &[("CodedValue", status.as_str())]);
        translated(xml, "Decode", || status.label());
        xml.end("CodeListItem");
    }
    xml.end("CodeList");
    if plan.arms.is_empty() {
        return;
    }
    begin_list(xml, "CL.ARM", || t!("trials-arm"));
    for arm in &plan.arms {
        xml.empty("EnumeratedItem", &[("CodedValue", &arm.name)]);
    }
    xml.end("CodeList");
}

fn begin_list(xml: &mut Xml, oid: &str, label: Label) {
    let name = in_english(label);
    xml.begin(
        "CodeList",
        &[("OID", oid), ("Name", name), ("DataType", "text")],
    );
}

/// Writes an element with a text in each language.
fn translated(xml: &mut Xml, name: &str, label: impl Fn() -> &'static str) {
    xml.begin(name, &[]);
    for language in Language::ALL {
        let text = with(language, &label);
        xml.text("TranslatedText", &[("xml:lang", language.as_str())], text);
    }
    xml.end(name);
}

fn in_english(label: Label) -> &'static str {
    with(Language::English, label)
}

const fn yes(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}
