//! Settings of a build: flags from the workspace's configuration, and variables of the user's environment.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace;

/// The part of Cargo's configuration that matters here.
#[derive(Deserialize)]
struct Config {
    target: BTreeMap<String, Target>,
}

/// Settings of a target.
#[derive(Deserialize)]
struct Target {
    rustflags: Vec<String>,
}

/// Returns whether the build gets a variable of the user's environment. Of the variables of Cargo and the compiler it
/// gets those of the network and of the directory of downloads: the others could change the bytes.
pub(super) fn is_kept(name: &str) -> bool {
    const KEPT: [&str; 7] = [
        "CARGO_HOME",
        "CARGO_HTTP_",
        "CARGO_NET_",
        "CARGO_REGISTR",
        "CARGO_SOURCE_",
        "CARGO_TERM_",
        "RUSTUP_",
    ];
    // Cargo sets the last one for the toolchain that built this tool, which may be another one.
    const DROPPED: [&str; 5] = ["CARGO", "RUST", "__CARGO", "MAKEFLAGS", "LD_LIBRARY_PATH"];
    KEPT.iter().any(|kept| name.starts_with(kept)) || !DROPPED.iter().any(|dropped| name.starts_with(dropped))
}

/// Returns the name of the variable that sets a target's linker.
pub(super) fn linker_variable(target: &str) -> String {
    format!("CARGO_TARGET_{}_LINKER", target.to_uppercase().replace('-', "_"))
}

/// Returns the flags that the workspace's own configuration has for all shipped targets and for `target`.
pub(super) fn rustflags(target: &str) -> Result<Vec<String>> {
    let file = ".cargo/config.toml";
    let text =
        fs::read_to_string(workspace::root().join(file)).with_context(|| format!("can't read {file}"))?;
    let config: Config = toml::from_str(&text).with_context(|| file.to_owned())?;
    let of = |name| config.target.get(name).map_or(&[][..], |target| &target.rustflags);
    Ok([of("cfg(target_env = \"musl\")"), of(target)].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::PLATFORMS;

    #[test]
    fn the_environment_can_not_change_the_bytes() {
        for name in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_BUILD_TARGET_DIR",
            "CARGO_TARGET_DIR",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS",
            "CARGO_PROFILE_RELEASE_OPT_LEVEL",
            "CARGO_INCREMENTAL",
            "RUSTC_WRAPPER",
            "LD_LIBRARY_PATH",
        ] {
            assert!(!is_kept(name), "{name}");
        }
        for name in ["PATH", "HOME", "CARGO_HOME", "https_proxy", "CARGO_NET_OFFLINE"] {
            assert!(is_kept(name), "{name}");
        }
    }

    #[test]
    fn every_platform_is_linked_by_lld() -> Result<()> {
        for platform in &PLATFORMS {
            let flags = rustflags(platform.target)?;
            assert!(flags.iter().any(|flag| flag == "-Clinker-flavor=ld.lld"), "{flags:?}");
        }
        Ok(())
    }
}
