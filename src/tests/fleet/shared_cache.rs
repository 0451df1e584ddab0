//! The second level of the caches, in Redis.

use super::Fleet;
use crate::support::eventually::eventually;
use crate::support::redis::RedisServer;
use guildhall::error::AppError;
use guildhall::server::{App, Cache, SharedCache, Stored, Subject, Tagged};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

const SUBJECTS: &[Subject] = &[Subject::Catalogue];
const KEPT: Duration = Duration::from_mins(1);

/// A number, as some database would give it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Number(u64);

impl Stored for Number {
    fn write(&self) -> Option<Vec<u8>> {
        Some(self.0.to_string().into_bytes())
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()?.parse().ok().map(Self)
    }
}

/// The cache of one server, and the number that it keeps a copy of.
#[derive(Clone)]
struct Kept {
    cache: Arc<Cache<usize, Number>>,
    number: Arc<AtomicU64>,
    /// The number of times it was read.
    reads: Arc<AtomicU64>,
}

impl Kept {
    fn at(app: &App, number: &Arc<AtomicU64>, reads: &Arc<AtomicU64>) -> Self {
        let counted = app.metrics.cache("test");
        let shared = SharedCache::new(&app.fleet, "test", SUBJECTS, counted);
        let cache = Cache::new(app.db.epochs(), SUBJECTS, KEPT, 1 << 20, |_| 8);
        Self {
            cache: Arc::new(cache.shared_by(shared)),
            number: Arc::clone(number),
            reads: Arc::clone(reads),
        }
    }

    async fn get(&self) -> u64 {
        self.get_as(0).await
    }

    /// The same under another key.
    async fn get_as(&self, key: usize) -> u64 {
        let number = self.cache.get(key, async || {
            self.reads.fetch_add(1, Ordering::SeqCst);
            let read = self.number.load(Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok::<_, AppError>(Number(read))
        });
        number.await.expect("a number").0
    }
}

async fn two_servers(redis: &RedisServer) -> (Fleet, [Kept; 2]) {
    let fleet = Fleet::with_redis(redis).await;
    fleet.has_redis(true).await;
    let (number, reads) = (Arc::default(), Arc::default());
    let kept = fleet.apps().map(|app| Kept::at(app, &number, &reads));
    usable(&fleet).await;
    (fleet, kept)
}

/// Waits until Redis has counted all changes of both servers, and both have heard of them.
async fn usable(fleet: &Fleet) {
    let mut all = guildhall::server::db::Changed::default();
    all.note(Subject::Catalogue);
    let mut before = None;
    eventually(async || {
        let apps = fleet.apps();
        let epochs = apps.map(|app| app.db.epochs().of(SUBJECTS));
        let counted = apps.iter().all(|app| app.fleet.counts(all));
        let calm = before.replace(epochs) == Some(epochs);
        (counted && calm).then_some(()).ok_or("changes are told")
    })
    .await;
}

/// Changes the number at this server.
fn change(app: &App, kept: &Kept) -> u64 {
    let number = kept.number.fetch_add(1, Ordering::SeqCst) + 1;
    let mut changed = guildhall::server::db::Changed::default();
    changed.note(Subject::Catalogue);
    app.db.epochs().advance(changed);
    number
}

#[tokio::test]
async fn a_thousand_who_miss_the_same_at_two_servers_read_it_once() {
    let redis = RedisServer::start().await;
    let (_fleet, kept) = two_servers(&redis).await;
    let mut key = 0;
    // A machine that stands still for seconds has both go on by themselves.
    eventually(async || {
        key += 1;
        kept[0].reads.store(0, Ordering::SeqCst);
        let mut asking = JoinSet::new();
        for turn in 0..1_000 {
            let kept = kept[turn % 2].clone();
            asking.spawn(async move { kept.get_as(key).await });
        }
        assert_eq!(asking.join_all().await, vec![0; 1_000]);
        match kept[0].reads.load(Ordering::SeqCst) {
            1 => Ok(()),
            reads => Err(format!("{reads} reads")),
        }
    })
    .await;
}

#[tokio::test]
async fn no_copy_from_before_a_change_is_found_by_whoever_heard_of_it() {
    let redis = RedisServer::start().await;
    let (fleet, kept) = two_servers(&redis).await;
    for turn in 0..40 {
        let (writer, other) = (turn % 2, (turn + 1) % 2);
        // A copy may be in the making.
        let making = kept[other].clone();
        let making = tokio::spawn(async move { making.get().await });
        let number = change(fleet.apps()[writer], &kept[writer]);
        assert_eq!(kept[writer].get().await, number, "the writer's next read");
        making.await.expect("is made");
        eventually(async || match kept[other].get().await {
            read if read == number => Ok(()),
            read => Err(format!("{read} instead of {number}")),
        })
        .await;
        assert_eq!(kept[other].get().await, number, "it is not undone");
    }
}

#[tokio::test]
async fn without_redis_and_with_nonsense_in_it_the_database_is_asked() {
    let mut redis = RedisServer::start().await;
    let (fleet, kept) = two_servers(&redis).await;
    let mut list = redis::cmd("KEYS");
    list.arg("guildhall:cache:*");
    let mut key = 0;
    let keys = eventually(async || {
        key += 1;
        assert_eq!(
            [kept[0].get_as(key).await, kept[1].get_as(key).await],
            [0, 0]
        );
        let keys: Vec<String> = redis.ask(&list).await.expect("keys");
        (!keys.is_empty()).then_some(keys).ok_or("no keys")
    })
    .await;
    let number = change(fleet.apps()[0], &kept[0]);
    assert_eq!(kept[0].get_as(key).await, number);
    usable(&fleet).await;
    let mut set = redis::cmd("SET");
    set.arg(&keys[0])
        .arg(b"1\nnonsense\xff")
        .arg("PX")
        .arg(60_000);
    redis.ask::<()>(&set).await.expect("is set");
    eventually(async || match kept[1].get_as(key).await {
        read if read == number => Ok(()),
        read => Err(format!("{read} instead of {number}")),
    })
    .await;
    redis.kill();
    fleet.has_redis(false).await;
    for app in [0, 1] {
        let number = change(fleet.apps()[app], &kept[app]);
        assert_eq!(kept[app].get().await, number);
    }
}

#[tokio::test]
async fn a_product_that_one_server_read_the_other_takes_from_redis() {
    let redis = RedisServer::start().await;
    let mut fleet = Fleet::with_redis(&redis).await;
    fleet.has_redis(true).await;
    let path = format!("/api/v1/products/{}", fleet.company.product);
    let mut price = 0;
    eventually(async || {
        price += 1;
        fleet.hears_of_price(price).await;
        usable(&fleet).await;
        // By then both have a copy; one that is missing at the second is the first's.
        let mut changed = guildhall::server::db::Changed::default();
        changed.note(Subject::Catalogue);
        fleet.second.db.epochs().hear(changed);
        let [mut first, mut second] = fleet.programs.clone();
        let answers = [first.api(&path).await, second.api(&path).await];
        assert_eq!(answers[0].body, answers[1].body);
        assert_eq!(answers[0].header("etag"), answers[1].header("etag"));
        let mut metrics = String::new();
        fleet.second.metrics.write(&mut metrics).expect("text");
        let taken = "guildhall_cache_requests_total{cache=\"products_shared\",result=\"hit\"}";
        let hits = metrics.lines().find_map(|line| line.strip_prefix(taken));
        match hits.map(str::trim) {
            None | Some("0") => Err("it read the database"),
            Some(_) => Ok(()),
        }
    })
    .await;
}

#[test]
fn an_answer_is_read_as_it_was_written() {
    let answer = Tagged::ok(&["a\nb", "ü"]).expect("JSON");
    let answer = Some(answer.with_next("/api/v1/products?cursor=x"));
    let written = answer.write().expect("bytes");
    let read = Option::<Tagged>::read(&written).expect("an answer");
    assert_eq!(read.write(), Some(written));
    for nonsense in [
        &b""[..],
        b"?",
        b"+",
        b"+tag",
        b"+xyz\n\nbody",
        b"-more",
        b"+ab\n\x01\nbody",
    ] {
        assert!(Option::<Tagged>::read(nonsense).is_none(), "{nonsense:?}");
    }
    assert!(Option::<Tagged>::read(b"-").is_some_and(|answer| answer.is_none()));
}
