//! How much was tried inside of tests.

/// Says that `number` of `what` were tried, on the platform of this Docker name or, if it is empty, on none: a line
/// `tried: 904 targets on linux/arm64` or `tried: 904 targets`. The runner adds up what a group says of the same `what` and
/// platform, prints it with the group's result, and puts it into `docs/tested.md`. So it must be the same each time, and
/// stand on a line of its own: print it after the suite has run, or where `cargo test` holds back what a test prints.
pub fn tried(number: usize, what: &str, platform: &str) {
    let on = if platform.is_empty() { "" } else { " on " };
    println!("tried: {number} {what}{on}{platform}");
}
