//! A profile in the format of pprof, which `go tool pprof` and others open.
//!
//! Format: github.com/google/pprof, `proto/profile.proto`.

use super::sample::{Function, Profile};
use prost::Message;
use std::collections::HashMap;

#[derive(Clone, PartialEq, Message)]
pub struct ProfileMessage {
    #[prost(message, repeated, tag = "1")]
    sample_type: Vec<ValueType>,
    #[prost(message, repeated, tag = "2")]
    sample: Vec<Sample>,
    #[prost(message, repeated, tag = "4")]
    location: Vec<Location>,
    #[prost(message, repeated, tag = "5")]
    function: Vec<FunctionMessage>,
    #[prost(string, repeated, tag = "6")]
    string_table: Vec<String>,
    #[prost(int64, tag = "9")]
    time_nanos: i64,
    #[prost(int64, tag = "10")]
    duration_nanos: i64,
    #[prost(message, optional, tag = "11")]
    period_type: Option<ValueType>,
    #[prost(int64, tag = "12")]
    period: i64,
}

#[derive(Clone, PartialEq, Message)]
struct ValueType {
    #[prost(int64, tag = "1")]
    kind: i64,
    #[prost(int64, tag = "2")]
    unit: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Sample {
    #[prost(uint64, repeated, tag = "1")]
    location_id: Vec<u64>,
    #[prost(int64, repeated, tag = "2")]
    value: Vec<i64>,
    #[prost(message, repeated, tag = "3")]
    label: Vec<Label>,
}

#[derive(Clone, PartialEq, Message)]
struct Label {
    #[prost(int64, tag = "1")]
    key: i64,
    #[prost(int64, tag = "2")]
    text: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Location {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(message, repeated, tag = "4")]
    line: Vec<Line>,
}

#[derive(Clone, PartialEq, Message)]
struct Line {
    #[prost(uint64, tag = "1")]
    function_id: u64,
    #[prost(int64, tag = "2")]
    line: i64,
}

#[derive(Clone, PartialEq, Message)]
struct FunctionMessage {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "2")]
    name: i64,
    #[prost(int64, tag = "3")]
    system_name: i64,
    #[prost(int64, tag = "4")]
    filename: i64,
}

/// Texts by their numbers. Number 0 is the empty one.
struct Texts {
    numbers: HashMap<String, i64>,
    texts: Vec<String>,
}

impl Texts {
    fn new() -> Self {
        Self {
            numbers: HashMap::from([(String::new(), 0)]),
            texts: vec![String::new()],
        }
    }

    fn number(&mut self, text: &str) -> i64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as i64;
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }
}

/// Writes the profile.
pub fn encode(profile: &Profile) -> Vec<u8> {
    message(profile).encode_to_vec()
}

fn message(profile: &Profile) -> ProfileMessage {
    let mut texts = Texts::new();
    let mut ids: HashMap<&Function, u64> = HashMap::new();
    let (mut function, mut location) = (Vec::new(), Vec::new());
    let thread = texts.number("thread");
    let mut sample = Vec::new();
    for stack in &profile.stacks {
        let mut location_id = Vec::with_capacity(stack.functions.len());
        // The one that ran comes first.
        for called in stack.functions.iter().rev() {
            let known = ids.get(called).copied();
            let id = known.unwrap_or(ids.len() as u64 + 1);
            if known.is_none() {
                ids.insert(called, id);
                let name = texts.number(&called.name);
                function.push(FunctionMessage {
                    id,
                    name,
                    system_name: name,
                    filename: texts.number(&called.file),
                });
                let line = called.line;
                location.push(Location {
                    id,
                    line: vec![Line {
                        function_id: id,
                        line,
                    }],
                });
            }
            location_id.push(id);
        }
        sample.push(Sample {
            location_id,
            value: vec![stack.samples, stack.samples * Profile::period()],
            label: vec![Label {
                key: thread,
                text: texts.number(&stack.thread),
            }],
        });
    }
    let mut value_type = |kind, unit| ValueType {
        kind: texts.number(kind),
        unit: texts.number(unit),
    };
    let sample_type = vec![
        value_type("samples", "count"),
        value_type("cpu", "nanoseconds"),
    ];
    let period_type = Some(value_type("cpu", "nanoseconds"));
    ProfileMessage {
        sample_type,
        sample,
        location,
        function,
        string_table: texts.texts,
        time_nanos: profile.began,
        duration_nanos: i64::try_from(profile.lasted.as_nanos()).unwrap_or(i64::MAX),
        period_type,
        period: Profile::period(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Stack;
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_function_is_written_once_and_the_one_that_ran_comes_first() {
        let function = |name: &str| Function {
            name: name.to_owned(),
            file: "a.rs".to_owned(),
            line: 7,
        };
        let stack = |names: [&str; 2], samples| Stack {
            thread: "worker".to_owned(),
            functions: names.map(function).to_vec(),
            samples,
        };
        let profile = Profile {
            stacks: vec![stack(["main", "busy"], 3), stack(["main", "idle"], 1)],
            began: 1,
            lasted: Duration::from_secs(2),
        };
        let bytes = encode(&profile);
        let read = ProfileMessage::decode(bytes.as_slice()).expect("a profile");
        let name = |id: u64| {
            let function = read.function.iter().find(|it| it.id == id).expect("there");
            read.string_table[function.name as usize].as_str()
        };
        let stacks: Vec<Vec<&str>> = read
            .sample
            .iter()
            .map(|sample| sample.location_id.iter().copied().map(name).collect())
            .collect();
        assert_eq!(stacks, [["busy", "main"], ["idle", "main"]]);
        assert_eq!((read.function.len(), read.location.len()), (3, 3));
        assert_eq!(read.sample[0].value, [3, 3 * Profile::period()]);
        assert_eq!(read.string_table[0], "");
        assert_eq!(read.duration_nanos, 2_000_000_000);
    }
}
