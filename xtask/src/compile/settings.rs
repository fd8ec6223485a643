//! The settings of a build: what it takes from the workspace's configuration, and what it does not take
//! from the user's environment.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

/// Whether the build may see a variable of the user's environment. Of what Cargo and the compiler
/// read, only what decides how to reach a network and where Cargo keeps its downloads: the rest could
/// change the bytes.
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
    // Cargo points the last one at the libraries of the toolchain that built this tool, which are not
    // those of the compiler that is called here.
    const DROPPED: [&str; 5] = ["CARGO", "RUST", "__CARGO", "MAKEFLAGS", "LD_LIBRARY_PATH"];
    KEPT.iter().any(|kept| name.starts_with(kept)) || !DROPPED.iter().any(|dropped| name.starts_with(dropped))
}

/// The name of the variable that tells Cargo a target's linker.
pub(super) fn linker_variable(target: &str) -> String {
    format!("CARGO_TARGET_{}_LINKER", target.to_uppercase().replace('-', "_"))
}

/// The flags that the workspace's own Cargo configuration has for a target.
pub(super) fn rustflags(target: &str) -> Result<Vec<String>> {
    let file = ".cargo/config.toml";
    let text =
        fs::read_to_string(workspace::root().join(file)).with_context(|| format!("can't read {file}"))?;
    flags_in(&text, target).with_context(|| format!("{file} has no `rustflags` for {target}"))
}

fn flags_in(config: &str, target: &str) -> Result<Vec<String>> {
    let config: toml::Table = config.parse()?;
    let section = config.get("target").and_then(|targets| targets.get(target));
    let flags = section.and_then(|section| section.get("rustflags"));
    let flags = flags.and_then(toml::Value::as_array).context("there is no such list")?;
    flags.iter().map(|flag| Ok(flag.as_str().context("a flag is not a text")?.to_owned())).collect()
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
    fn every_platform_has_its_flags() -> Result<()> {
        for platform in &PLATFORMS {
            let flags = rustflags(platform.target)?;
            assert!(flags.iter().any(|flag| flag == "-Clinker-flavor=ld.lld"), "{flags:?}");
        }
        Ok(())
    }

    #[test]
    fn a_target_without_flags_is_an_error() {
        for config in ["", "[target.a]", "[target.a]\nrustflags = 'x'", "[target.a]\nrustflags=[1]", "["] {
            assert!(flags_in(config, "a").is_err(), "{config:?}");
        }
    }

    #[test]
    fn a_linker_has_its_variable() {
        let variable = linker_variable("riscv64gc-unknown-linux-musl");
        assert_eq!(variable, "CARGO_TARGET_RISCV64GC_UNKNOWN_LINUX_MUSL_LINKER");
    }
}
