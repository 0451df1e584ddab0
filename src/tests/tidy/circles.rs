//! Circles: neither files nor slices name each other in one.

use super::{root, source_files};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The composition root: what puts the slices together may name every one of them.
const ROOT: [&str; 10] = [
    "app",
    "seed",
    "server/router",
    "server/rpc/router",
    "server/serve",
    "server/jobs",
    "server/schemas",
    "server/openapi",
    "server/db/reindex",
    "server/config",
];

/// The application's state holds a part of every slice, and everything is handed the state.
const STATE: &str = "server/state";

/// The segments of a path: of a module, or of something in one.
type Path = Vec<String>;

/// Modules and those they name.
type Ties = BTreeMap<String, BTreeSet<String>>;

struct Module {
    path: Path,
    /// The names it brings into scope, with their origins.
    names: BTreeMap<String, Path>,
    /// Those of them that others may take from here.
    exports: BTreeMap<String, Path>,
    /// The text between its `use` lines.
    body: String,
}

impl Module {
    fn read(path: Path, text: &str) -> Self {
        let mut module = Self {
            path,
            names: BTreeMap::new(),
            exports: BTreeMap::new(),
            body: String::new(),
        };
        let text = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let mut lines = text
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default().trim());
        while let Some(line) = lines.next() {
            let (exported, used) = match line.strip_prefix("pub") {
                Some(rest) => (true, rest.trim_start_matches("(crate)").trim_start()),
                None => (false, line),
            };
            let Some(used) = used.strip_prefix("use ") else {
                module.body += line;
                module.body.push('\n');
                continue;
            };
            let mut tree = used.to_owned();
            while !tree.ends_with(';') {
                tree += lines.next().expect("a use ends");
            }
            for (path, name) in leaves(tree.trim_end_matches(';'), "") {
                module.names.insert(name.clone(), path.clone());
                if exported {
                    module.exports.insert(name, path);
                }
            }
        }
        module
    }
}

/// The paths of a `use`, each with the name it gets.
fn leaves(tree: &str, before: &str) -> Vec<(Path, String)> {
    let tree = tree.trim();
    if let Some((head, list)) = tree.strip_suffix('}').and_then(|it| it.split_once('{')) {
        let before = format!("{before}{head}");
        return parts(list)
            .into_iter()
            .flat_map(|part| leaves(part, &before))
            .collect();
    }
    let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
    let path = format!("{before}{path}");
    let path: Path = path
        .trim_end_matches("::self")
        .split("::")
        .map(str::to_owned)
        .collect();
    let name = match alias {
        "" => path.last().cloned().unwrap_or_default(),
        alias => alias.to_owned(),
    };
    vec![(path, name)]
}

/// The parts of a list, which may be lists themselves.
fn parts(list: &str) -> Vec<&str> {
    let mut depth = 0;
    list.split(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
    .collect()
}

struct Crate(BTreeMap<Path, Module>);

impl Crate {
    fn read() -> Self {
        let source = root().join("src");
        let modules = source_files(&source).into_iter().filter_map(|file| {
            let name = file
                .strip_prefix(&source)
                .expect("inside")
                .with_extension("");
            let mut path: Path = name
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .collect();
            path.pop_if(|last| *last == "mod");
            if path[0] == "tests" || path == ["main"] || path == ["lib"] {
                return None;
            }
            let text = fs::read_to_string(&file).expect("readable");
            Some((path.clone(), Module::read(path, &text)))
        });
        Self(modules.collect())
    }

    /// The path from the crate's root, of one that is written in the module; none of another crate's.
    fn absolute(&self, path: &[String], module: &Module) -> Option<Path> {
        let mut from = module.path.clone();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => (from, rest) = (Path::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {
                while let Some(("super", further)) =
                    rest.split_first().map(|(a, b)| (a.as_str(), b))
                {
                    from.pop();
                    rest = further;
                }
            }
            first => {
                let inside = [&from[..], &[first.to_owned()]].concat();
                self.0.get(&inside)?;
            }
        }
        from.extend_from_slice(rest);
        Some(from)
    }

    /// The module that something is written in, however often it is handed on.
    fn home(&self, path: &[String]) -> Option<&Path> {
        let (module, rest) = (0..=path.len())
            .rev()
            .find_map(|at| Some((self.0.get(&path[..at])?, &path[at..])))?;
        let handed_on = rest.first().and_then(|name| module.exports.get(name));
        match handed_on.and_then(|from| self.absolute(from, module)) {
            Some(from) if from != path => self.home(&[&from[..], &rest[1..]].concat()),
            _ => Some(&module.path),
        }
    }

    /// The modules that a module names, by the place where they are written.
    fn named_by(&self, module: &Module) -> BTreeSet<&Path> {
        let used = module
            .names
            .iter()
            .filter(|(name, _)| !module.exports.contains_key(*name))
            .map(|(_, path)| path.clone());
        let in_body = module
            .body
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .filter(|word| word.contains("::"))
            .filter_map(|word| {
                let path: Path = word.split("::").map(str::to_owned).collect();
                match module.names.get(&path[0]) {
                    Some(from) => Some([&from[..], &path[1..]].concat()),
                    None => ["crate", "super"]
                        .contains(&path[0].as_str())
                        .then_some(path),
                }
            });
        used.chain(in_body)
            .filter_map(|path| self.home(&self.absolute(&path, module)?))
            .filter(|home| **home != module.path && may_count(&module.path, home))
            .collect()
    }

    fn ties(&self, name: impl Fn(&Path) -> String) -> Ties {
        let mut ties = Ties::new();
        for module in self.0.values() {
            let from = name(&module.path);
            let named = self.named_by(module).into_iter().map(&name);
            let named: BTreeSet<String> = named.filter(|to| *to != from).collect();
            ties.entry(from).or_default().extend(named);
        }
        ties
    }
}

/// True if the one naming the other is a tie: what is of the root is free to, outside its own folder.
fn may_count(from: &[String], to: &[String]) -> bool {
    let file = from.join("/");
    let of_root = ROOT
        .iter()
        .any(|root| file == *root || file.starts_with(&format!("{root}/")));
    file != STATE && (!of_root || from[0] == to[0])
}

/// Some that name each other all around, in that order.
fn circle(mut ties: Ties) -> Option<Vec<String>> {
    // What names nothing that is left is in no circle.
    loop {
        let left: BTreeSet<String> = ties.keys().cloned().collect();
        ties.retain(|_, named| {
            named.retain(|it| left.contains(it));
            !named.is_empty()
        });
        if ties.len() == left.len() {
            break;
        }
    }
    let mut way = vec![ties.keys().next()?.clone()];
    loop {
        let next = ties[way.last()?].first()?;
        let seen = way.iter().position(|it| it == next);
        way.push(next.clone());
        if let Some(begin) = seen {
            return Some(way.split_off(begin));
        }
    }
}

#[test]
fn files_do_not_name_each_other_in_a_circle() {
    let ties = Crate::read().ties(|path| format!("{}.rs", path.join("/")));
    if let Some(circle) = circle(ties) {
        panic!(
            "\nin a circle: {}\nMove what they share into a file below them, or what joins them into one above.\n",
            circle.join(" → ")
        );
    }
}

#[test]
fn slices_do_not_name_each_other_in_a_circle() {
    let ties = Crate::read().ties(|path| path[0].clone());
    if let Some(circle) = circle(ties) {
        panic!(
            "\nin a circle: {}\nMove the type to the slice below, the page's part to the one above, or let the \
             root hand in a function (server/state.rs).\n",
            circle.join(" → ")
        );
    }
}
