//! COMMAND's environment.

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Start, Suite};

use crate::scene::{Scene, exits, facts, pid1, with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::the_environment_is_passed_on_as_it_is", &all, passed_on)
        .each("pid1::e_adds_a_variable", &all, adds)
        .each("pid1::e_replaces_a_variable", &all, replaces)
        .each("pid1::the_last_e_wins", &all, last_wins)
        .each("pid1::e_takes_any_value", &all, values)
        .each("pid1::e_tells_similar_names_apart", &all, similar_names)
        .each("pid1::e_can_be_repeated_1000_times", &all, many)
        .each("pid1::an_environment_of_20000_variables_is_passed_on", &all, large)
        .each("pid1::home_is_not_touched_without_a_user", &all, home)
}

/// COMMAND's variables whose names begin with `M_`.
fn seen(start: Start, options: &[&str]) -> Result<Vec<String>> {
    let scene = Scene::new()?;
    let start = with(start, options);
    exits(&scene.play(start, "", "report")?.run()?, 0)?;
    Ok(facts(&scene.lines(), "env").filter(|env| env.starts_with("M_")).map(str::to_owned).collect())
}

fn passed_on(case: Case) -> Result<()> {
    let start = pid1(case).env("M_EMPTY", "").env("M_EQUALS", "=a=b=").env("M_LINE", "x y").env("M_", "z");
    let mut seen = seen(start, &[])?;
    seen.sort();
    same(seen, ["M_=z", "M_EMPTY=", "M_EQUALS==a=b=", "M_LINE=x y"].map(String::from).to_vec())
}

fn adds(case: Case) -> Result<()> {
    same(seen(pid1(case), &["-e", "M_A=1", "--env=M_B=2"])?, vec!["M_A=1".to_owned(), "M_B=2".to_owned()])
}

/// Two of a name would be one too many: programs differ in which one they see.
fn replaces(case: Case) -> Result<()> {
    let seen = seen(pid1(case).env("M_A", "old").env("M_B", "kept"), &["-e", "M_A=new"])?;
    same(seen.len(), 2)?;
    ensure!(seen.contains(&"M_A=new".to_owned()) && seen.contains(&"M_B=kept".to_owned()), "{seen:?}");
    Ok(())
}

fn last_wins(case: Case) -> Result<()> {
    let options = ["-e", "M_A=1", "-e", "M_A=2", "-e", "M_B=3", "-eM_A=4"];
    let mut seen = seen(pid1(case).env("M_A", "0"), &options)?;
    seen.sort();
    same(seen, vec!["M_A=4".to_owned(), "M_B=3".to_owned()])
}

fn values(case: Case) -> Result<()> {
    for variable in ["M_A=", "M_A==", "M_A=a=b", "M_A=-k", "M_A=x y", "M_A=ü"] {
        same(seen(pid1(case).env("M_A", "0"), &["-e", variable])?, vec![variable.to_owned()])?;
    }
    let long = format!("M_A={}", "x".repeat(100_000));
    same(seen(pid1(case), &["-e", &long])?, vec![long])
}

fn similar_names(case: Case) -> Result<()> {
    let start = pid1(case).env("M_AB", "1").env("M_", "2").env("M_a", "3");
    let mut seen = seen(start, &["-e", "M_A=4"])?;
    seen.sort();
    same(seen, ["M_=2", "M_A=4", "M_AB=1", "M_a=3"].map(String::from).to_vec())
}

fn many(case: Case) -> Result<()> {
    let variables: Vec<String> = (0..1000).map(|number| format!("M_{number}={number}")).collect();
    let options: Vec<&str> = variables.iter().flat_map(|variable| ["-e", variable]).collect();
    let start = variables.iter().step_by(2).fold(pid1(case), |start, variable| {
        start.env(variable.split_once('=').map_or("", |(name, _)| name), "old")
    });
    let (mut seen, mut expected) = (seen(start, &options)?, variables.clone());
    seen.sort();
    expected.sort();
    same(seen, expected)
}

fn large(case: Case) -> Result<()> {
    let start = (0..20_000).fold(pid1(case), |start, number| start.env(format!("M_{number}"), "x"));
    same(seen(start, &["-e", "M_1=y"])?.len(), 20_000)
}

fn home(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    exits(&scene.play(pid1(case).env("HOME", "/some/where"), "", "report")?.run()?, 0)?;
    ensure!(facts(&scene.lines(), "env").any(|env| env == "HOME=/some/where"), "{:?}", scene.lines());
    Ok(())
}
