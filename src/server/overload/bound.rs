//! A bound on the requests in progress, which adapts to how long they take.
//!
//! If most of what was answered lately took longer than the target, a tenth fewer may be in progress; if most was
//! quick and somebody was turned away, a few more. The target is fixed: were it measured from what is usual, an
//! overload that lasts would become the usual, and the bound would creep upwards with it.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

/// The fewest that may be in progress: enough to keep the processors busy.
const LEAST: usize = 64;

/// The fewest answers to judge by.
const ENOUGH: usize = 10;

pub struct Bound {
    most: AtomicUsize,
    /// In microseconds.
    target: AtomicU64,
    limit: AtomicUsize,
    in_progress: AtomicUsize,
    /// The time of the last judgement, and of what has happened since.
    judged: AtomicU64,
    quick: AtomicUsize,
    slow: AtomicUsize,
    refused: AtomicUsize,
}

impl Bound {
    pub fn new(most: usize, target: Duration) -> Self {
        Self {
            most: AtomicUsize::new(most),
            target: AtomicU64::new(micros(target)),
            limit: AtomicUsize::new(most),
            in_progress: AtomicUsize::new(0),
            judged: AtomicU64::new(0),
            quick: AtomicUsize::new(0),
            slow: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
        }
    }

    /// Sets both anew, for those who come from here on. The limit stays as it has adapted, if it still may.
    pub fn adjust(&self, most: usize, target: Duration) {
        let before = self.most.swap(most, Relaxed);
        let limit = self.limit();
        self.set(if limit == before { most } else { limit });
        if self.target.swap(micros(target), Relaxed) != micros(target) {
            // They were judged by the other.
            self.quick.store(0, Relaxed);
            self.slow.store(0, Relaxed);
        }
    }

    pub fn limit(&self) -> usize {
        self.limit.load(Relaxed)
    }

    pub fn in_progress(&self) -> usize {
        self.in_progress.load(Relaxed)
    }

    /// Returns true if there is a place now for one who may fill `share` per cent of them.
    pub fn has_place(&self, share: usize) -> bool {
        self.in_progress() < self.places(share)
    }

    /// Counts one who was turned away without a try.
    pub fn note_refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    fn places(&self, share: usize) -> usize {
        (self.limit() * share / 100).max(1)
    }

    /// Takes a place for one who may fill `share` per cent of them. False if those are taken.
    pub fn enter(&self, share: usize) -> bool {
        if self.in_progress.fetch_add(1, Relaxed) < self.places(share) {
            return true;
        }
        self.in_progress.fetch_sub(1, Relaxed);
        self.note_refused();
        false
    }

    /// Gives the place back. `now` is the time since any fixed instant.
    pub fn leave(&self, took: Duration, now: Duration) {
        self.in_progress.fetch_sub(1, Relaxed);
        let kind = if micros(took) > self.target.load(Relaxed) {
            &self.slow
        } else {
            &self.quick
        };
        kind.fetch_add(1, Relaxed);
        self.judge(now);
    }

    /// Adapts the limit, once in as long as a request may take: sooner, its effect could not be seen yet.
    fn judge(&self, now: Duration) {
        let now = micros(now);
        let judged = self.judged.load(Relaxed);
        let due = now.saturating_sub(judged) >= self.target.load(Relaxed);
        if !due || self.quick.load(Relaxed) + self.slow.load(Relaxed) < ENOUGH {
            return;
        }
        let claim = self.judged.compare_exchange(judged, now, Relaxed, Relaxed);
        if claim.is_err() {
            return;
        }
        let (quick, slow) = (self.quick.swap(0, Relaxed), self.slow.swap(0, Relaxed));
        let refused = self.refused.swap(0, Relaxed);
        let limit = self.limit();
        if slow > quick {
            self.set(limit - limit / 10);
        } else if refused > 0 {
            self.set(limit + (limit / 20).max(1));
        }
    }

    fn set(&self, limit: usize) {
        let most = self.most.load(Relaxed);
        let limit = limit.clamp(LEAST.min(most), most);
        self.limit.store(limit, Relaxed);
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    const TARGET: Duration = Duration::from_millis(250);
    const MOST: usize = 1_000;
    /// The number of answers a second.
    const CAPACITY: f64 = 500.0;
    const VISITOR: usize = 70;
    const STAFF: usize = 100;

    /// A server that works through a queue, in simulated seconds: each request takes 2 ms of it, and to turn one
    /// away a fiftieth of that.
    struct Simulation {
        bound: Bound,
        now: f64,
        free: f64,
        queue: VecDeque<(f64, f64)>,
        /// The times that answers took, since the last look.
        took: Vec<f64>,
        staff_refused: usize,
        visitors_refused: usize,
    }

    impl Simulation {
        fn new() -> Self {
            Self {
                bound: Bound::new(MOST, TARGET),
                now: 0.0,
                free: 0.0,
                queue: VecDeque::new(),
                took: Vec::new(),
                staff_refused: 0,
                visitors_refused: 0,
            }
        }

        /// Requests at `load` times the capacity for so long; one in fifty is of staff.
        fn run(&mut self, load: f64, seconds: f64) {
            let requests = (load * CAPACITY * seconds) as usize;
            for number in 0..requests {
                self.now += 1.0 / (load * CAPACITY);
                self.finish();
                self.arrive(number % 50 == 0);
            }
        }

        fn arrive(&mut self, staff: bool) {
            let start = self.free.max(self.now);
            if self.bound.enter(if staff { STAFF } else { VISITOR }) {
                self.free = start + 1.0 / CAPACITY;
                self.queue.push_back((self.now, self.free));
            } else {
                self.free = start + 0.02 / CAPACITY;
                if staff {
                    self.staff_refused += 1;
                } else {
                    self.visitors_refused += 1;
                }
            }
        }

        fn finish(&mut self) {
            while let Some((arrived, done)) = self.queue.pop_front_if(|(_, done)| *done <= self.now)
            {
                self.took.push(done - arrived);
                let [took, done] = [done - arrived, done].map(Duration::from_secs_f64);
                self.bound.leave(took, done);
            }
        }

        /// Answers a second within twice the target, as a part of what the server could give.
        fn goodput(&mut self, seconds: f64) -> f64 {
            let good = self.took.iter().filter(|took| **took <= 0.5).count();
            self.took.clear();
            good as f64 / seconds / CAPACITY
        }
    }

    #[test]
    fn whoever_can_be_answered_is_not_turned_away() {
        let mut server = Simulation::new();
        server.run(0.9, 120.0);
        assert_eq!((server.visitors_refused, server.staff_refused), (0, 0));
        assert!(server.goodput(120.0) > 0.89);
    }

    #[test]
    fn at_three_times_the_capacity_as_much_is_done_as_at_the_peak() {
        for load in [1.0, 2.0, 3.0] {
            let mut server = Simulation::new();
            server.run(load, 20.0);
            server.took.clear();
            server.staff_refused = 0;
            server.run(load, 60.0);
            let goodput = server.goodput(60.0);
            assert!(goodput >= 0.85, "{load} ×: {goodput}");
            assert_eq!(server.staff_refused, 0, "{load} ×");
        }
    }

    #[test]
    fn under_a_modest_overload_that_lasts_the_bound_stays() {
        let mut server = Simulation::new();
        server.run(1.2, 60.0);
        let early = server.bound.limit();
        server.run(1.2, 3_600.0);
        let late = server.bound.limit();
        assert!(late <= early * 3 / 2, "{early} in progress became {late}");
        server.took.clear();
        server.run(1.2, 60.0);
        assert!(server.goodput(60.0) >= 0.85);
    }

    #[test]
    fn after_an_overload_nobody_is_turned_away_any_longer() {
        let mut server = Simulation::new();
        server.run(3.0, 60.0);
        server.run(0.5, 10.0);
        server.visitors_refused = 0;
        server.run(0.8, 60.0);
        assert_eq!(server.visitors_refused, 0);
    }

    #[test]
    fn the_last_places_are_for_staff() {
        let bound = Bound::new(100, TARGET);
        let visitors = (0..100).filter(|_| bound.enter(VISITOR)).count();
        let staff = (0..100).filter(|_| bound.enter(STAFF)).count();
        assert_eq!((visitors, staff), (70, 30));
        bound.leave(Duration::ZERO, Duration::ZERO);
        assert!(!bound.enter(VISITOR));
        assert!(bound.enter(STAFF));
    }

    /// Forty answers that took so long, within the second after this one.
    fn answers(bound: &Bound, milliseconds: u64, second: u64) {
        for number in 0..40 {
            assert!(bound.enter(STAFF));
            let now = Duration::from_millis(second * 1_000 + number * 20);
            bound.leave(Duration::from_millis(milliseconds), now);
        }
    }

    #[test]
    fn a_bound_that_is_set_anew_counts_at_once_and_keeps_what_it_learnt() {
        let bound = Bound::new(100, TARGET);
        bound.adjust(10, TARGET);
        let places = (0..100).filter(|_| bound.enter(STAFF)).count();
        assert_eq!((places, bound.limit()), (10, 10));
        bound.adjust(1_000, TARGET);
        assert!(bound.enter(STAFF), "nobody has left, and there is room");
        for _ in 0..11 {
            bound.leave(Duration::ZERO, Duration::ZERO);
        }
        answers(&bound, 300, 1);
        let learnt = bound.limit();
        assert!(learnt < 1_000, "too slow for 250 ms");
        bound.adjust(2_000, TARGET);
        assert_eq!(bound.limit(), learnt);
        // The same answers are quick enough for another target, and those of before say nothing.
        bound.adjust(2_000, Duration::from_millis(400));
        answers(&bound, 300, 2);
        assert_eq!(bound.limit(), learnt);
        bound.adjust(2_000, Duration::from_millis(100));
        answers(&bound, 300, 3);
        assert!(bound.limit() < learnt);
        bound.adjust(50, TARGET);
        assert_eq!(bound.limit(), 50);
    }
}
