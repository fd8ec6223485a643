//! The child's environment.

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Suite, Target};

use crate::fixture::{TestDir, exits, facts, pid1, with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, the_environment_is_passed_on)
        .test(all, e_adds_a_variable)
        .test(all, e_replaces_a_variable)
        .test(all, the_last_e_of_a_name_wins)
        .test(all, e_takes_any_value)
        .test(all, e_leaves_variables_of_a_similar_name)
        .test(all, e_can_be_repeated_1000_times)
        .test(all, an_environment_of_20000_variables_is_passed_on)
        .test(all, home_is_kept_without_a_user)
}

/// Returns the child's variables whose names begin with `M_`.
fn seen(launcher: Launcher, options: &[&str]) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    let launcher = with(launcher, options);
    exits(&dir.play(launcher, "", "report")?.run()?, 0)?;
    Ok(facts(&dir.lines(), "env").filter(|env| env.starts_with("M_")).map(str::to_owned).collect())
}

fn the_environment_is_passed_on(target: Target) -> Result<()> {
    let launcher =
        pid1(target).env("M_EMPTY", "").env("M_EQUALS", "=a=b=").env("M_LINE", "x y").env("M_", "z");
    let mut seen = seen(launcher, &[])?;
    seen.sort();
    same(seen, ["M_=z", "M_EMPTY=", "M_EQUALS==a=b=", "M_LINE=x y"].map(String::from).to_vec())
}

fn e_adds_a_variable(target: Target) -> Result<()> {
    same(seen(pid1(target), &["-e", "M_A=1", "--env=M_B=2"])?, vec!["M_A=1".to_owned(), "M_B=2".to_owned()])
}

/// Programs differ in which of two variables of a name they see.
fn e_replaces_a_variable(target: Target) -> Result<()> {
    let seen = seen(pid1(target).env("M_A", "old").env("M_B", "kept"), &["-e", "M_A=new"])?;
    same(seen.len(), 2)?;
    ensure!(seen.contains(&"M_A=new".to_owned()) && seen.contains(&"M_B=kept".to_owned()), "{seen:?}");
    Ok(())
}

fn the_last_e_of_a_name_wins(target: Target) -> Result<()> {
    let options = ["-e", "M_A=1", "-e", "M_A=2", "-e", "M_B=3", "-eM_A=4"];
    let mut seen = seen(pid1(target).env("M_A", "0"), &options)?;
    seen.sort();
    same(seen, vec!["M_A=4".to_owned(), "M_B=3".to_owned()])
}

fn e_takes_any_value(target: Target) -> Result<()> {
    for variable in ["M_A=", "M_A==", "M_A=a=b", "M_A=-k", "M_A=x y", "M_A=ü"] {
        same(seen(pid1(target).env("M_A", "0"), &["-e", variable])?, vec![variable.to_owned()])?;
    }
    let long = format!("M_A={}", "x".repeat(100_000));
    same(seen(pid1(target), &["-e", &long])?, vec![long])
}

fn e_leaves_variables_of_a_similar_name(target: Target) -> Result<()> {
    let launcher = pid1(target).env("M_AB", "1").env("M_", "2").env("M_a", "3");
    let mut seen = seen(launcher, &["-e", "M_A=4"])?;
    seen.sort();
    same(seen, ["M_=2", "M_A=4", "M_AB=1", "M_a=3"].map(String::from).to_vec())
}

fn e_can_be_repeated_1000_times(target: Target) -> Result<()> {
    let variables: Vec<String> = (0..1000).map(|number| format!("M_{number}={number}")).collect();
    let options: Vec<&str> = variables.iter().flat_map(|variable| ["-e", variable]).collect();
    let launcher = variables.iter().step_by(2).fold(pid1(target), |launcher, variable| {
        launcher.env(variable.split_once('=').map_or("", |(name, _)| name), "old")
    });
    let (mut seen, mut expected) = (seen(launcher, &options)?, variables.clone());
    seen.sort();
    expected.sort();
    same(seen, expected)
}

fn an_environment_of_20000_variables_is_passed_on(target: Target) -> Result<()> {
    let launcher =
        (0..20_000).fold(pid1(target), |launcher, number| launcher.env(format!("M_{number}"), "x"));
    same(seen(launcher, &["-e", "M_1=y"])?.len(), 20_000)
}

fn home_is_kept_without_a_user(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    exits(&dir.play(pid1(target).env("HOME", "/some/where"), "", "report")?.run()?, 0)?;
    ensure!(facts(&dir.lines(), "env").any(|env| env == "HOME=/some/where"), "{:?}", dir.lines());
    Ok(())
}
