//! The documentation, compared with the programs, the tests and the tool.

mod bytes;
mod commands;
mod links;
mod man;
mod map;
mod page;
mod shell;
mod statements;
mod tool;
mod trials;

use std::process::ExitCode;

use mote_tests::Suite;
use xtask::program::PROGRAMS;

fn main() -> ExitCode {
    let mut suite = Suite::new();
    for program in PROGRAMS {
        let test = || man::options_are_those_of_the_help(program.name);
        suite = suite.one(format!("docs::man_page_has_the_options_of_the_help::{}", program.name), test);
    }
    suite
        .one("docs::man_pages_have_the_usual_sections", man::sections_are_the_usual_ones)
        .one("docs::man_pages_are_of_this_version_and_refer_to_others", man::headers_and_references_are_right)
        .one("docs::mandoc_finds_no_fault", man::mandoc_finds_no_fault)
        .one("docs::every_command_is_accounted_for", commands::blocks_are_accounted_for)
        .one("docs::every_command_in_a_comment_is_accounted_for", commands::comments_are_accounted_for)
        .one(
            "docs::every_command_in_a_manual_page_is_accounted_for",
            commands::manual_examples_are_accounted_for,
        )
        .one("docs::an_automated_build_runs_the_second_command", commands::second_command_is_run)
        .one("docs::every_subcommand_and_every_group_exists", tool::subcommands_and_groups_exist)
        .one("docs::commands_do_what_the_page_says", shell::blocks_do_what_they_say)
        .one("docs::every_byte_of_hello_is_as_shown", bytes::hello_is_as_shown)
        .one("docs::sizes_beside_others_are_true", bytes::sizes_beside_others_are_true)
        .one("docs::where_the_bytes_of_pid1_are", map::where_the_bytes_are)
        .one("docs::named_tests_exist", statements::named_tests_exist)
        .one("docs::compared_features_name_tests", statements::compared_features_name_tests)
        .one("docs::links_lead_somewhere", links::lead_somewhere)
        .run()
}
