//! Running groups beside each other.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::group::Group;

/// Number of groups that run at once: with more, tests would miss their deadlines on two cores.
const WORKERS: usize = 2;

/// Groups that wait and groups that run.
struct State {
    waiting: Vec<Group>,
    running: Vec<Group>,
}

/// Calls `run` for each group, for two at a time where their schedules allow it.
pub(super) fn each(mut groups: Vec<Group>, run: impl Fn(&Group) + Sync) {
    // The sort is stable. A group that runs alone waits until no other is running, so it comes last.
    groups.sort_by_key(|group| (group.schedule.alone, !group.schedule.slow));
    let state = Mutex::new(State { waiting: groups, running: Vec::new() });
    let changed = Condvar::new();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(group) = next(&state, &changed) {
                    run(&group);
                    lock(&state).running.retain(|other| *other != group);
                    changed.notify_all();
                }
            });
        }
    });
}

/// Waits until a group may start, and returns it; `None` if none is left.
fn next(state: &Mutex<State>, changed: &Condvar) -> Option<Group> {
    let mut state = lock(state);
    loop {
        if state.waiting.is_empty() {
            return None;
        }
        if let Some(at) = state.waiting.iter().position(|group| may_start(group, &state.running)) {
            let group = state.waiting.remove(at);
            state.running.push(group.clone());
            return Some(group);
        }
        state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

fn may_start(group: &Group, running: &[Group]) -> bool {
    let (new, mut running) = (&group.schedule, running.iter().map(|group| &group.schedule));
    !running.any(|old| new.alone || old.alone || (new.engine && old.engine))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::group::{Schedule, Work};

    fn group(name: &str, schedule: Schedule) -> Group {
        Group { name: name.to_owned(), needs_release: false, work: Work::Lint, schedule }
    }

    #[test]
    fn alone_is_beside_no_group_and_an_engine_beside_no_engine() {
        let plain = group("plain", Schedule::default());
        let alone = group("alone", Schedule { alone: true, ..Schedule::default() });
        let engine = group("engine", Schedule { engine: true, ..Schedule::default() });
        let beside = |one: &Group, other: &Group| may_start(one, std::slice::from_ref(other));
        assert!(beside(&plain, &plain) && beside(&engine, &plain) && may_start(&alone, &[]));
        assert!(!beside(&engine, &engine) && !beside(&alone, &plain) && !beside(&plain, &alone));
    }

    #[test]
    fn every_group_runs_once_and_slow_ones_start_first() {
        let slow = Schedule { slow: true, ..Schedule::default() };
        let alone = Schedule { alone: true, ..Schedule::default() };
        let groups = vec![group("c", alone), group("b", Schedule::default()), group("a", slow)];
        let started = Mutex::new(Vec::new());
        each(groups, |group| started.lock().unwrap_or_else(PoisonError::into_inner).push(group.name.clone()));
        let mut started = started.into_inner().unwrap_or_default();
        assert_eq!(started.pop().as_deref(), Some("c"));
        started.sort();
        assert_eq!(started, ["a", "b"]);
    }
}
