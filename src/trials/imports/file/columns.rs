//! The columns of a file of vital signs, with the names they go by.

use crate::importing::Column;

/// The columns that are asked for, in any order; the last ones may be missing.
pub const COLUMNS: [Column<'static>; 7] = [
    Column {
        name: "patient_id",
        synonyms: &[
            "patient",
            "subject",
            "subject_id",
            "subject_number",
            "usubjid",
            "受试者编号",
            "病人编号",
            "患者编号",
        ],
        required: true,
    },
    Column {
        name: "record_time",
        synonyms: &[
            "time",
            "timestamp",
            "datetime",
            "recorded_at",
            "vsdtc",
            "时间",
            "记录时间",
            "测量时间",
        ],
        required: true,
    },
    Column {
        name: "heart_rate",
        synonyms: &["hr", "pulse", "pulse_rate", "heartrate", "心率", "脉搏"],
        required: true,
    },
    Column {
        name: "blood_pressure",
        synonyms: &["bp", "血压"],
        required: true,
    },
    Column {
        name: "temperature",
        synonyms: &["temp", "body_temperature", "体温"],
        required: false,
    },
    Column {
        name: "oxygen_saturation",
        synonyms: &["spo2", "spo₂", "sao2", "oxygen", "血氧", "血氧饱和度"],
        required: false,
    },
    Column {
        name: "respiratory_rate",
        synonyms: &["rr", "resp", "respiration", "呼吸", "呼吸频率"],
        required: false,
    },
];
