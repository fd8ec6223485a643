//! Everything that can happen, breadth first.

use std::collections::HashMap;

use crate::world::{Case, Kind, World};

/// How much there was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) states: usize,
    pub(crate) transitions: usize,
    pub(crate) ends: usize,
}

/// Goes through all states that can be reached, and sees to it that
/// - none of the rules of [`World::next`] is broken on the way;
/// - left alone, with nobody dying and no signal coming, it ends, unless it may wait for COMMAND: from every state, in
///   whatever order the rest happens.
pub(crate) fn search<const N: usize>(case: &Case<N>) -> Counts {
    let mut found = Found::from(World::start(case));
    let mut counts = Counts { states: 0, transitions: 0, ends: 0 };
    // For each state, those that come next by themselves.
    let mut forced = Vec::new();
    while let Some(world) = found.worlds.get(counts.states).copied() {
        let from = counts.states;
        let next = world.next(case).unwrap_or_else(|rule| found.complain(case, from, rule));
        counts.states += 1;
        counts.transitions += next.len();
        counts.ends += usize::from(world.has_ended());
        let by_itself: Vec<_> = next
            .into_iter()
            .map(|(kind, world)| (kind, found.add(world, from)))
            .filter_map(|(kind, to)| (kind == Kind::Forced).then_some(to))
            .collect();
        if by_itself.is_empty() && !world.has_ended() && !world.may_wait(case) {
            found.complain(case, from, "it waits, and nothing will come");
        }
        forced.push(by_itself);
    }
    if let Some(state) = on_a_circle(&forced) {
        found.complain(case, state, "it may go on for ever although nothing happens");
    }
    counts
}

/// The states found so far, in the order in which they were.
struct Found<const N: usize> {
    worlds: Vec<World<N>>,
    numbers: HashMap<World<N>, usize>,
    /// From where each was reached first.
    origins: Vec<usize>,
}

impl<const N: usize> Found<N> {
    fn from(start: World<N>) -> Self {
        Self { worlds: vec![start], numbers: HashMap::from([(start, 0)]), origins: vec![0] }
    }

    fn add(&mut self, world: World<N>, from: usize) -> usize {
        let new = self.worlds.len();
        let number = *self.numbers.entry(world).or_insert(new);
        if number == new {
            self.worlds.push(world);
            self.origins.push(from);
        }
        number
    }

    /// Fails, and shows the shortest way to a state.
    fn complain(&self, case: &Case<N>, state: usize, what: &str) -> ! {
        let mut way = vec![state];
        while let Some(at) = way.last().copied().filter(|at| *at != 0) {
            way.push(self.origins[at]);
        }
        let way: Vec<_> = way.iter().rev().map(|at| format!("  {:?}", self.worlds[*at])).collect();
        panic!("{what}\nin {case:?}\nafter\n{}", way.join("\n"));
    }
}

/// A state from which the way need not come to an end, if there is one. Takes off those that nothing leads to, again
/// and again.
fn on_a_circle(next: &[Vec<usize>]) -> Option<usize> {
    let mut ways_in = vec![0_usize; next.len()];
    next.iter().flatten().for_each(|to| ways_in[*to] += 1);
    let mut free: Vec<_> = (0..next.len()).filter(|state| ways_in[*state] == 0).collect();
    while let Some(state) = free.pop() {
        for to in &next[state] {
            ways_in[*to] -= 1;
            if ways_in[*to] == 0 {
                free.push(*to);
            }
        }
    }
    ways_in.iter().position(|ways| *ways > 0)
}
