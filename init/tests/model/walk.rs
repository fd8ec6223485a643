//! One order of events, which choices select.

use crate::world::{Case, Kind, World};

/// The maximum number of events until the init exits or waits, if no process ends and no signal arrives any more.
const REST: usize = 200;

/// Follows the choices, from the start again after each exit, and lets the init exit or wait at the end. Returns how often it
/// has exited, and whether it waits.
///
/// # Errors
/// The rule that is broken.
pub(crate) fn walk<const N: usize>(case: &Case<N>, choices: &[usize]) -> Result<(u32, bool), &'static str> {
    let (mut world, mut ends) = (World::start(case), 0);
    for choice in choices {
        let next = world.next(case)?;
        let Some((_, then)) = next.get(choice % next.len().max(1)) else { break };
        world = *then;
        if world.has_exited() {
            (world, ends) = (World::start(case), ends + 1);
        }
    }
    for choice in choices.iter().chain([&0]).cycle().take(REST) {
        let mut next = world.next(case)?;
        next.retain(|(kind, _)| *kind == Kind::Forced);
        if next.is_empty() {
            break;
        }
        (_, world) = next[choice % next.len()];
    }
    let waits = !world.has_exited();
    if waits && !world.may_wait(case) {
        return Err("the init does not exit");
    }
    Ok((ends + u32::from(!waits), waits))
}
