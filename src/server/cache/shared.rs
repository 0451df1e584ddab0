//! The second level of a cache, in Redis: copies that all servers share.
//!
//! What is missing in a server's own memory is asked for here before the database. Of the servers that miss it at the
//! same time one makes it, under a short lock, and the others wait a moment for its copy; if none comes they make
//! theirs. A copy counts in the epochs of its subjects in which it was begun: numbers in Redis that a server counts
//! up right after its commit, before it tells the others of the change, and before it uses this level again
//! ([`Fleet::counts`]). So nobody finds an older copy after having heard of a change. Should Redis lose a number, or
//! not get one, there is still the moment: it begins when the copy is begun, here as there, and goes on when the copy
//! is passed on.
//!
//! Whatever Redis does, the database is asked in its place: while Redis is away nobody waits for it.

use super::spans;
use crate::error::AppError;
use crate::server::current::stale_for;
use crate::server::db::{Changed, Subject};
use crate::server::fleet::Fleet;
use crate::server::redis::Redis;
use crate::server::telemetry::Hits;
use redis::{Cmd, cmd, pipe};
use sha2::{Digest, Sha256};
use std::fmt::Debug;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// The time after which whoever makes a copy is no longer waited for: its server may have died.
const MAKING: Duration = Duration::from_secs(2);

/// The pauses between looks at a copy that another server makes, and their number.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);
const LOOKS: u32 = 100;

/// The largest copy, in bytes.
const LARGEST: usize = 1 << 20;

/// A value that can be written for Redis and read again; `None` where it cannot. Anything may be read.
pub trait Stored: Sized {
    fn write(&self) -> Option<Vec<u8>>;
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// Something that may not exist.
impl<V: Stored> Stored for Option<V> {
    fn write(&self) -> Option<Vec<u8>> {
        match self {
            None => Some(b"-".to_vec()),
            Some(value) => Some([b"+", &*value.write()?].concat()),
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (b'-', []) => Some(None),
            (b'+', value) => V::read(value).map(Some),
            _ => None,
        }
    }
}

/// The second level of one cache.
pub struct SharedCache<K, V> {
    fleet: Fleet,
    name: &'static str,
    subjects: &'static [Subject],
    write: fn(&V) -> Option<Vec<u8>>,
    read: fn(&[u8]) -> Option<V>,
    counted: Hits,
    key: fn(&K) -> String,
}

/// The outcome of a look.
enum Look<V> {
    Found(V, Instant),
    /// Nothing that counts, in these epochs.
    Missing(String),
    /// Redis does not say.
    Nothing,
}

/// The lock of whoever makes a copy. Dropped where a client hangs up, it is let go of, so that nobody waits in vain.
struct Making {
    redis: Redis,
    lock: String,
    epochs: String,
    is_over: bool,
}

impl Drop for Making {
    fn drop(&mut self) {
        if !self.is_over {
            let mut unlock = cmd("DEL");
            unlock.arg(&self.lock);
            let redis = self.redis.clone();
            tokio::spawn(async move { redis.ask::<i64>(unlock).await });
        }
    }
}

impl<K, V> SharedCache<K, V> {
    pub fn new(
        fleet: &Fleet,
        name: &'static str,
        subjects: &'static [Subject],
        counted: Hits,
    ) -> Self
    where
        K: Debug,
        V: Stored,
    {
        Self {
            fleet: fleet.clone(),
            name,
            subjects,
            write: V::write,
            read: V::read,
            counted,
            key: |key| format!("{key:?}"),
        }
    }

    /// Returns the value of this name and the instant it was begun at, or the result of `make`, which is kept for
    /// `moment` unless it is an error. Whoever wants a new copy in the place of one of its own takes none that is
    /// older than `oldest`.
    pub async fn get<F>(
        &self,
        name: &str,
        moment: Duration,
        oldest: Duration,
        make: impl FnOnce() -> F,
    ) -> Result<(V, Instant), AppError>
    where
        F: Future<Output = Result<V, AppError>>,
    {
        let making = match self.find(name, moment, oldest).await {
            Ok(found) => {
                self.counted.hits.inc();
                spans::note("shared");
                return Ok(found);
            }
            Err(making) => making,
        };
        let begun = Instant::now();
        let made = Box::pin(make()).await?;
        spans::note("made");
        if let Some(making) = making {
            self.counted.misses.inc();
            self.keep(name, making, &made, moment, begun).await;
        }
        Ok((made, begun))
    }

    /// Returns true if the settings name a Redis.
    pub fn is_on(&self) -> bool {
        self.fleet.redis().is_set()
    }

    /// Returns the name of the key's value. Two servers share copies if they run the same program with the same
    /// settings.
    pub fn name_of(&self, key: &K) -> String {
        let digest = Sha256::digest((self.key)(key));
        let (program, cache) = (self.fleet.program(), self.name);
        let name = format!("cache:{program}:{cache}:{}", hex::encode(&digest[..16]));
        self.fleet.redis().name(&name)
    }

    /// Looks for the copy. One that is missing is to be made: for all servers, unless another is about to and takes
    /// too long, or Redis is away.
    async fn find(
        &self,
        name: &str,
        moment: Duration,
        oldest: Duration,
    ) -> Result<(V, Instant), Option<Making>> {
        let redis = self.fleet.redis();
        for _ in 0..LOOKS {
            let epochs = match self.look(name, moment, oldest).await {
                Look::Found(value, begun) => return Ok((value, begun)),
                Look::Missing(epochs) => epochs,
                Look::Nothing => break,
            };
            let lock = format!("{name}:making:{epochs}");
            let mut set = cmd("SET");
            set.arg(&lock).arg(1).arg("NX");
            set.arg("PX").arg(milliseconds(MAKING));
            match redis.ask::<Option<String>>(set).await {
                Some(Some(_)) => {
                    return Err(Some(Making {
                        redis: redis.clone(),
                        lock,
                        epochs,
                        is_over: false,
                    }));
                }
                Some(None) => sleep(BETWEEN_LOOKS).await,
                None => break,
            }
        }
        Err(None)
    }

    async fn look(&self, name: &str, moment: Duration, oldest: Duration) -> Look<V> {
        let mut changed = Changed::default();
        for subject in self.subjects {
            changed.note(*subject);
        }
        if moment.is_zero() || !self.fleet.counts(changed) {
            return Look::Nothing;
        }
        let mut copy = Cmd::new();
        copy.arg("MGET").arg(self.fleet.epochs(changed)).arg(name);
        let mut looks = pipe();
        looks.atomic().add_command(copy).pttl(name);
        let asked = Instant::now();
        let answer = self
            .fleet
            .redis()
            .ask_all::<(Vec<Option<Vec<u8>>>, i64)>(looks);
        let Some((mut numbers, rest)) = answer.await else {
            return Look::Nothing;
        };
        let copy = numbers.pop().flatten();
        let epochs = written(&numbers);
        let found = copy.and_then(|copy| {
            let copy = copy.strip_prefix(epochs.as_bytes())?.strip_prefix(b"\n")?;
            let age = moment.checked_sub(Duration::from_millis(u64::try_from(rest).ok()?))?;
            let is_new_enough = age <= oldest;
            is_new_enough.then_some(((self.read)(copy)?, asked.checked_sub(age)?))
        });
        match found {
            Some((value, begun)) => Look::Found(value, begun),
            None => Look::Missing(epochs),
        }
    }

    /// Keeps the copy for what is left of its moment, and lets go of the lock.
    async fn keep(
        &self,
        name: &str,
        mut making: Making,
        value: &V,
        moment: Duration,
        begun: Instant,
    ) {
        let mut commands = pipe();
        // What was made of stale copies is shown as such, and is not for others.
        let is_stale = stale_for().is_some();
        let text = (self.write)(value).filter(|_| !is_stale);
        // A random part of the moment, at least four fifths of it.
        let moment = moment.mul_f64(rand::random_range(0.8..=1.0));
        let rest = milliseconds(moment.saturating_sub(begun.elapsed()));
        if let Some(text) = text.filter(|text| rest > 0 && text.len() <= LARGEST) {
            let copy = [making.epochs.as_bytes(), b"\n", &text].concat();
            let mut set = cmd("SET");
            set.arg(name).arg(copy).arg("PX").arg(rest);
            commands.add_command(set).ignore();
        }
        commands.del(&making.lock).ignore();
        let kept = self.fleet.redis().ask_all::<()>(commands).await;
        making.is_over = kept.is_some();
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Writes the numbers with points between; of those that Redis does not have a zero.
fn written(numbers: &[Option<Vec<u8>>]) -> String {
    let number = |number: &Option<Vec<u8>>| match number {
        Some(digits) => String::from_utf8_lossy(digits).into_owned(),
        None => "0".to_owned(),
    };
    let numbers: Vec<String> = numbers.iter().map(number).collect();
    numbers.join(".")
}
