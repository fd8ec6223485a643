//! The examples, run as their readers would.

mod anycast;
mod bare;
mod bird;
mod distributions;
mod kubernetes;
mod router;
mod same_port;
mod world;

use std::process::ExitCode;

use anyhow::Result;
use mote_tests::{Shared, Suite};

use bird::Network;

/// A named test with an engine that has the images of `anycast-bird`.
type Test = (&'static str, fn(&Network) -> Result<()>);

const NETWORK: [Test; 5] = [
    ("anycast::a_route_survives_the_application_and_goes_with_the_address", anycast::route),
    ("anycast::a_route_goes_with_bird_and_the_namespace_stays", anycast::bird_restarts),
    ("anycast::the_compose_file_announces_the_same", anycast::compose),
    ("same_port::four_servers_listen_on_one_port", same_port::four),
    ("same_port::a_wrong_answer_is_told", same_port::wrong_answer),
];

fn main() -> ExitCode {
    let network = Shared::new(Network::get);
    // The time that a stop takes is measured.
    let mut suite = Suite::new()
        .threads(1)
        .one("kubernetes::manifests_are_as_the_interface_defines_them", kubernetes::manifests)
        .one("kubernetes::unknown_fields_are_refused", kubernetes::unknown_fields);
    for (name, test) in NETWORK {
        let network = network.clone();
        suite = suite.one(name, move || network.with(test));
    }
    let code = distributions::add(suite).run();
    drop(network);
    code
}
