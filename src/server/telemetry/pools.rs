//! Database pools: their connections, and who waits for one.

use super::readings::Readings;
use super::waiting::Waiting;
use crate::server::Db;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use sqlx::{Database, Pool};
use std::fmt::{self, Debug, Formatter};

/// One pool, as it stands.
struct Standing<'a> {
    name: &'static str,
    size: u32,
    idle: usize,
    most: u32,
    waiting: &'a Waiting,
}

impl<'a> Standing<'a> {
    fn of<DB: Database>(name: &'static str, pool: &Pool<DB>, waiting: &'a Waiting) -> Self {
        Self {
            name,
            size: pool.size(),
            idle: pool.num_idle(),
            most: pool.options().get_max_connections(),
            waiting,
        }
    }
}

/// Reads the pools of a database.
pub struct Pools(pub Db);

impl Debug for Pools {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Pools")
    }
}

impl Collector for Pools {
    fn encode(&self, encoder: DescriptorEncoder) -> fmt::Result {
        let pools = match &self.0 {
            Db::Sqlite {
                writer,
                readers,
                reading,
                ..
            } => vec![
                Standing::of("writer", &writer.pool, &writer.waiting),
                Standing::of("readers", readers, reading),
            ],
            Db::Postgres(pool) => vec![Standing::of("postgres", pool, &pool.waiting)],
        };
        let mut readings = Readings(encoder);
        let states = pools.iter().flat_map(|pool| {
            let used = pool.size as usize - pool.idle.min(pool.size as usize);
            [("idle", pool.idle), ("used", used)]
                .map(|(state, count)| ([("pool", pool.name), ("state", state)], count))
        });
        readings.gauges("db_connections", "Open connections", states)?;
        let most = pools.iter().map(|pool| ([("pool", pool.name)], pool.most));
        readings.gauges("db_connections_max", "Connections that may be open", most)?;
        let waiting = pools
            .iter()
            .map(|pool| ([("pool", pool.name)], pool.waiting.now()));
        readings.gauges("db_waiting", "Work that waits for a connection", waiting)?;
        readings.histograms(
            "db_wait_seconds",
            "Time until there was a connection, or none in time",
            pools
                .iter()
                .map(|pool| ([("pool", pool.name)], pool.waiting.times())),
        )?;
        if let Db::Sqlite { group, .. } = &self.0 {
            let (writes, commits) = group.counts();
            readings.counter("db_grouped_writes", "Writes that shared commits", writes)?;
            readings.counter("db_group_commits", "Commits that they shared", commits)?;
        }
        Ok(())
    }
}
