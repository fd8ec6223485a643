//! The routes on made-up machines: folders with scripts in the place of compilers, rustup and APT.

mod fake;

use std::{fs, path::Path, time::Duration};

use anyhow::Context;

use self::fake::{Fake, LLD, rustc, script};
use super::*;

const ARM: &str = "aarch64-unknown-linux-musl";
const RISCV: &str = "riscv64gc-unknown-linux-musl";

#[test]
fn a_toolchain_with_all_targets_is_the_first_choice() -> Result<()> {
    let fake = Fake::new()?;
    fake.add_core(ARM)?;
    fake.add_core(RISCV)?;
    fake.add_distribution("1.96.0")?;
    assert_eq!(fake.route(&[ARM, RISCV])?, Route::Installed);
    Ok(())
}

#[test]
fn one_missing_target_rules_the_toolchain_out() -> Result<()> {
    let fake = Fake::new()?;
    fake.add_core(ARM)?;
    fake.add_distribution("1.96.0")?;
    assert_eq!(fake.route(&[ARM, RISCV])?, Route::Distribution);
    Ok(())
}

#[test]
fn rustup_gets_what_is_missing() -> Result<()> {
    let fake = Fake::new()?;
    fake.rustup_has(ARM)?;
    Fake::add_source(&fake.sysroot())?;
    let (toolchain, passed) = first(&fake.machine, &[ARM], &Route::ALL)?;
    assert_eq!(toolchain.route, Route::Rustup);
    assert!(!toolchain.builds_core());
    assert_eq!(passed[0].1.what, "the active toolchain lacks 1 of 1 targets");
    Ok(())
}

#[test]
fn a_failed_attempt_of_rustup_leaves_the_toolchain_as_it_was() -> Result<()> {
    let fake = Fake::new()?;
    fake.rustup_has(ARM)?;
    fake.add_distribution("1.96.0")?;
    let (toolchain, passed) = first(&fake.machine, &[ARM, RISCV], &Route::ALL)?;
    assert_eq!(toolchain.route, Route::Distribution);
    assert_eq!(passed[1].1.what, format!("`rustup target add` failed: no {RISCV}"));
    assert!(!fake.sysroot().join("lib/rustlib").join(ARM).exists());
    Ok(())
}

#[test]
fn a_failed_attempt_of_rustup_removes_nothing_that_was_there() -> Result<()> {
    let fake = Fake::new()?;
    fake.rustup_has(ARM)?;
    fake.add_core(ARM)?;
    assert!(rustup::add(&fake.machine, &[ARM, RISCV]).is_err());
    assert!(fake.sysroot().join("lib/rustlib").join(ARM).exists());
    Ok(())
}

#[test]
fn a_rustup_that_hangs_is_ended() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.machine.patience = Duration::from_millis(200);
    script(&fake.path("bin/rustup"), "[ $2 != add ] || exec sleep 600")?;
    let lack = rustup::add(&fake.machine, &[ARM]).err().context("it succeeded")?;
    assert!(lack.what.contains("took over"), "{lack:?}");
    Ok(())
}

#[test]
fn rustup_is_not_asked_about_a_toolchain_that_it_links_to() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.rustup_has(ARM)?;
    fake.add_distribution("1.96.0")?;
    let rustc = fake.machine.prefix.join("bin/rustc");
    fake.machine.active = Some(Compiler::probe(&rustc, Path::new("cargo"))?);
    assert_eq!(fake.route(&[ARM])?, Route::RustSrc);
    Ok(())
}

#[test]
fn source_in_the_toolchain_comes_before_the_distribution() -> Result<()> {
    let fake = Fake::new()?;
    Fake::add_source(&fake.sysroot())?;
    fake.add_distribution("1.96.0")?;
    let (toolchain, _) = first(&fake.machine, &[ARM], &Route::ALL)?;
    assert_eq!(toolchain.route, Route::RustSrc);
    assert!(toolchain.linker.path.starts_with(fake.sysroot()));
    Ok(())
}

#[test]
fn the_distributions_compiler_goes_with_its_linker() -> Result<()> {
    let fake = Fake::new()?;
    fake.add_distribution("1.96.0")?;
    let (toolchain, _) = first(&fake.machine, &[ARM], &[Route::Distribution])?;
    assert_eq!(toolchain.compiler.cargo, fake.path("usr/bin/cargo"));
    assert_eq!(toolchain.linker.path, fake.path("usr/bin/ld.lld-22"));
    Ok(())
}

#[test]
fn a_proxy_in_the_distributions_folder_is_not_its_compiler() -> Result<()> {
    let fake = Fake::new()?;
    script(&fake.path("usr/bin/rustc"), &rustc(&fake.sysroot(), "1.96.0"))?;
    script(&fake.path("usr/bin/cargo"), "true")?;
    Fake::add_source(&fake.machine.prefix)?;
    let refusal = first(&fake.machine, &[ARM], &[Route::Distribution]);
    assert!(refusal.is_err_and(|error| error.to_string().contains("not installed")));
    Ok(())
}

#[test]
fn a_missing_distribution_is_installed() -> Result<()> {
    let mut fake = Fake::new()?;
    // Installing moves the programs to where they are looked for.
    fake.add_distribution("1.96.0")?;
    fs::rename(fake.path("usr"), fake.path("packages"))?;
    let log = fake.path("log");
    let (log_name, usr, packages) = (log.display(), fake.path("usr"), fake.path("packages"));
    let get = format!(
        "echo $@ >> {log_name}; [ $1 = update ] || cp -r {packages} {usr}",
        usr = usr.display(),
        packages = packages.display()
    );
    let cache = "case $2 in *-web*) echo '  Candidate: 1.96.0+dfsg1';; *) echo '  Candidate: 1.63.0';; esac";
    fake.add_apt(true, cache, &get)?;
    assert_eq!(fake.route(&[ARM])?, Route::Distribution);
    let log = fs::read_to_string(log)?;
    assert!(log.starts_with("update\ninstall "), "{log}");
    assert!(log.trim_end().ends_with("rustc-web cargo-web rust-web-src"), "{log}");
    Ok(())
}

#[test]
fn without_root_the_commands_are_printed() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.add_apt(false, "echo '  Candidate: 1.96.0'", "echo called >&2; exit 9")?;
    let text = fake.refusal(&[ARM])?;
    for line in [
        &format!("  rustup target add --toolchain stable {ARM}"),
        "  rustup component add rust-src",
        "  sudo apt-get update && sudo apt-get install --no-install-recommends rustc cargo rust-src",
    ] {
        assert!(text.lines().any(|other| other.starts_with(line)), "{line} is not in:\n{text}");
    }
    Ok(())
}

#[test]
fn without_root_one_command_brings_compiler_and_linker() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.remove_linker()?;
    let cache = "case $1 in depends) echo rustc; echo '  Depends: libllvm22'; echo libllvm22;; \
                 *) echo '  Candidate: 1.96.0';; esac";
    fake.add_apt(false, cache, "exit 9")?;
    let refusal = first(&fake.machine, &[ARM], &[Route::Distribution]);
    let text = refusal.err().context("it was taken")?.to_string();
    let command =
        "sudo apt-get update && sudo apt-get install --no-install-recommends rustc cargo rust-src lld-22";
    assert!(text.ends_with(&format!("\nrun this, then try again:\n  {command}")), "{text}");
    assert_eq!(text.matches("sudo apt-get install").count(), 1, "{text}");
    Ok(())
}

#[test]
fn without_package_lists_another_run_is_asked_for() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.add_apt(false, "true", "exit 9")?;
    let refusal = first(&fake.machine, &[ARM], &[Route::Distribution]);
    let text = refusal.err().context("it was taken")?.to_string();
    let end = "\nrun this, then try again:\n  sudo apt-get update  # the next run says what to install";
    assert!(text.ends_with(end), "{text}");
    Ok(())
}

#[test]
fn a_refusal_says_what_each_route_was_missing() -> Result<()> {
    let text = Fake::new()?.refusal(&[ARM, RISCV])?;
    for reason in [
        "installed:    the active toolchain lacks 2 of 2 targets",
        "rustup:       `rustup target add` failed: no network",
        "rust-src:     the active toolchain has no library source",
        "distribution: the distribution's Rust is not installed, and there is no apt-get",
    ] {
        assert!(text.contains(reason), "{reason} is not in:\n{text}");
    }
    Ok(())
}

#[test]
fn an_old_distribution_is_refused() -> Result<()> {
    let fake = Fake::new()?;
    fake.add_distribution("1.63.0")?;
    assert!(fake.refusal(&[ARM])?.contains("rustc 1.63.0 (x) is older than 1.95"));
    Ok(())
}

#[test]
fn a_choice_is_remembered_while_it_holds() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.add_distribution("1.96.0")?;
    let (toolchain, _) = first(&fake.machine, &[ARM, RISCV], &Route::ALL)?;
    let file = fake.path("remembered.json");
    let recall = |machine: &Machine, targets: &[&str]| cache::recall_from(&file, machine, targets);
    assert_eq!(recall(&fake.machine, &[ARM]), None);
    cache::remember_in(&file, &fake.machine, &toolchain)?;
    assert_eq!(recall(&fake.machine, &[ARM, RISCV]), Some(toolchain.clone()));
    assert_eq!(recall(&fake.machine, &[ARM]), Some(toolchain));
    assert_eq!(recall(&fake.machine, &["i686-unknown-linux-musl"]), None);
    let active = fake.machine.active.take();
    assert_eq!(recall(&fake.machine, &[ARM]), None, "another toolchain became active");
    fake.machine.active = active;
    script(&fake.path("usr/bin/ld.lld-22"), "echo LLD 22.1.9")?;
    assert_eq!(recall(&fake.machine, &[ARM]), None, "the linker was updated");
    script(&fake.path("usr/bin/ld.lld-22"), LLD)?;
    assert!(recall(&fake.machine, &[ARM]).is_some());
    fs::remove_dir_all(fake.path("usr/lib/rustlib/src"))?;
    assert_eq!(recall(&fake.machine, &[ARM]), None, "the source is gone");
    Ok(())
}

#[test]
fn a_component_comes_from_where_the_active_toolchain_does() -> Result<()> {
    let mut fake = Fake::new()?;
    let remedy = |machine: &Machine, name| component::remedy_on(machine, name).unwrap_or_default();
    assert_eq!(remedy(&fake.machine, "clippy"), "rustup component add clippy");
    fake.add_distribution("1.96.0")?;
    fake.machine.active = Some(Compiler::probe(&fake.path("usr/bin/rustc"), &fake.path("usr/bin/cargo"))?);
    let cache = "case $2 in rust-clippy|rustfmt-web) echo '  Candidate: 1.96.0+dfsg1';; \
                 *) echo '  Candidate: 1.63.0';; esac";
    fake.add_apt(false, cache, "exit 9")?;
    let install = "sudo apt-get update && sudo apt-get install --no-install-recommends";
    assert_eq!(remedy(&fake.machine, "clippy"), format!("{install} rust-clippy"));
    assert_eq!(remedy(&fake.machine, "rustfmt"), format!("{install} rustfmt-web"));
    fake.add_apt(false, "echo '  Candidate: 1.63.0'", "exit 9")?;
    assert_eq!(remedy(&fake.machine, "rustfmt"), "");
    Ok(())
}
