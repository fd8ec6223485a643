//! Every order of events, breadth first.

use std::collections::HashMap;

use crate::world::{Case, Kind, World};

/// The size of a search.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) states: usize,
    pub(crate) transitions: usize,
    pub(crate) ends: usize,
}

/// Visits every state that can be reached, and ensures that
/// - no event breaks one of the rules of [`World::next`];
/// - if no process ends and no signal arrives any more, the init exits from every state, in any order of the remaining
///   events, unless it may wait.
pub(crate) fn search<const N: usize>(case: &Case<N>) -> Counts {
    let start = World::start(case);
    let mut found = Found { worlds: vec![start], indexes: HashMap::from([(start, 0)]), origins: vec![0] };
    let mut counts = Counts { states: 0, transitions: 0, ends: 0 };
    // For each state, the states that follow by themselves.
    let mut forced = Vec::new();
    while let Some(world) = found.worlds.get(counts.states).copied() {
        let from = counts.states;
        let next = world.next(case).unwrap_or_else(|rule| found.fail(case, from, rule));
        counts.states += 1;
        counts.transitions += next.len();
        counts.ends += usize::from(world.has_exited());
        let by_themselves: Vec<_> = next
            .into_iter()
            .map(|(kind, world)| (kind, found.add(world, from)))
            .filter_map(|(kind, to)| (kind == Kind::Forced).then_some(to))
            .collect();
        if by_themselves.is_empty() && !world.has_exited() && !world.may_wait(case) {
            found.fail(case, from, "the init waits forever");
        }
        forced.push(by_themselves);
    }
    if let Some(state) = in_a_cycle(&forced) {
        found.fail(case, state, "the init may run forever");
    }
    counts
}

/// The states in the order in which they were found.
struct Found<const N: usize> {
    worlds: Vec<World<N>>,
    indexes: HashMap<World<N>, usize>,
    /// The state before each.
    origins: Vec<usize>,
}

impl<const N: usize> Found<N> {
    fn add(&mut self, world: World<N>, from: usize) -> usize {
        let new = self.worlds.len();
        let index = *self.indexes.entry(world).or_insert(new);
        if index == new {
            self.worlds.push(world);
            self.origins.push(from);
        }
        index
    }

    /// Fails, with the shortest path to a state.
    fn fail(&self, case: &Case<N>, state: usize, what: &str) -> ! {
        let mut path = vec![state];
        while let Some(at) = path.last().copied().filter(|at| *at != 0) {
            path.push(self.origins[at]);
        }
        let path: Vec<_> = path.iter().rev().map(|at| format!("  {:?}", self.worlds[*at])).collect();
        panic!("{what}\nin {case:?}\nafter\n{}", path.join("\n"));
    }
}

/// Returns a state from which a path need not end, if there is one: removes the states without a predecessor until none is
/// left.
fn in_a_cycle(next: &[Vec<usize>]) -> Option<usize> {
    let mut predecessors = vec![0_usize; next.len()];
    next.iter().flatten().for_each(|to| predecessors[*to] += 1);
    let mut free: Vec<_> = (0..next.len()).filter(|state| predecessors[*state] == 0).collect();
    while let Some(state) = free.pop() {
        for to in &next[state] {
            predecessors[*to] -= 1;
            if predecessors[*to] == 0 {
                free.push(*to);
            }
        }
    }
    predecessors.iter().position(|count| *count > 0)
}
