//! What a release holds.

use crate::{platform::PLATFORMS, program::PROGRAMS};

/// What a file of `dist/` is called in a release, which has no folders: `pid1-linux-armv7`, `pause.oci.tar`.
#[must_use]
pub fn name(path: &str) -> String {
    let mut pairs =
        PROGRAMS.iter().flat_map(|program| PLATFORMS.iter().map(move |platform| (program, platform)));
    if let Some((program, platform)) = pairs.find(|(program, platform)| program.path(platform) == path) {
        return format!("{}-linux-{}", program.name, platform.arch);
    }
    path.strip_prefix("images/").unwrap_or(path).replace('/', "-")
}
