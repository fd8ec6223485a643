use std::collections::BTreeSet;

use super::*;
use crate::{platform::Platform, program::PROGRAMS};

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_call_has_a_reason_and_every_platform_a_name() -> Result<()> {
    let archs: Vec<&str> = PLATFORMS.iter().map(|platform| platform.arch).collect();
    for table in [calls()?, engine()?] {
        for section in table.sections() {
            for (name, call) in table.section(section)? {
                assert!(!call.why.is_empty(), "{section}: why {name}?");
                assert!(call.on.iter().all(|arch| archs.contains(&arch.as_str())), "{name}: {:?}", call.on);
            }
        }
    }
    Ok(())
}

#[test]
fn every_program_has_a_section_and_nothing_else_has() -> Result<()> {
    let programs = PROGRAMS.iter().map(|program| program.name).collect::<BTreeSet<_>>();
    assert_eq!(calls()?.sections().collect::<BTreeSet<_>>(), programs);
    Ok(())
}

#[test]
fn a_table_is_written_as_it_is_read() -> Result<()> {
    for file in [include_str!("calls.toml"), include_str!("engine.toml")] {
        assert_eq!(Table::parse(file)?.text(file)?, file);
    }
    Ok(())
}

#[test]
fn a_trace_of_one_platform_leaves_the_others_as_they_are() -> Result<()> {
    let mut table = Table::parse("[a]\nread = { why = \"x\" }\nkill = { why = \"y\", on = [\"amd64\"] }\n")?;
    let amd64 = Platform::named("linux/amd64")?;
    table.set("a", amd64, &set(&["read", "pause"]));
    assert_eq!(table.on("a", amd64)?, set(&["pause", "read"]));
    assert_eq!(table.on("a", Platform::named("linux/arm64")?)?, set(&["read"]));
    table.set("a", amd64, &set(&[]));
    let text = "[a]\nread = { why = \"x\", on = [\"386\", \"arm64\", \"armv7\", \"riscv64\"] }\n";
    assert_eq!(table, Table::parse(text)?);
    table.set("a", amd64, &set(&["read"]));
    assert_eq!(table, Table::parse("[a]\nread = { why = \"x\" }\n")?);
    Ok(())
}

#[test]
fn a_profile_refuses_what_it_does_not_name() -> Result<()> {
    let profile: serde_json::Value = serde_json::from_slice(&profile(Program::named("hello")?)?)?;
    assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
    assert_eq!(profile["defaultErrnoRet"], 1);
    // A plain list of architectures would be read by more engines, and refused by some of them.
    assert_eq!(profile["architectures"], serde_json::Value::Null);
    let riscv64 = serde_json::json!({ "architecture": "SCMP_ARCH_RISCV64", "subArchitectures": [] });
    assert_eq!(profile["archMap"][2], riscv64);
    assert_eq!(profile["archMap"][0]["subArchitectures"][0], "SCMP_ARCH_X86");
    assert_eq!(profile["archMap"][1]["subArchitectures"][0], "SCMP_ARCH_ARM");
    assert_eq!(profile["syscalls"][0]["names"], serde_json::json!(["exit", "write"]));
    for group in profile["syscalls"].as_array().into_iter().flatten() {
        assert_eq!(group["action"], "SCMP_ACT_ALLOW");
    }
    Ok(())
}
