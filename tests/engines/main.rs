//! The images in the engines that people run, each started for these tests alone.

mod check;
mod cri;
mod docker;
mod podman;
mod runc;
mod session;

use std::process::ExitCode;

use anyhow::Result;
use mote_tests::docker::Engine;
use mote_tests::{Shared, Suite, Target};

use cri::World;
use podman::Podman;

/// A named test of a shared engine.
type Test<T> = (&'static str, fn(&T) -> Result<()>);

const DOCKER: [Test<Engine>; 6] = [
    ("docker::hello_runs_from_its_archive", docker::image_runs),
    ("docker::images_have_the_sizes_of_their_files", docker::image_has_the_size_of_its_file),
    ("docker::pause_stops_within_half_a_second", docker::pause_stops),
    ("docker::init_is_pid1", docker::init_is_pid1),
    ("docker::dumb_init_gives_a_shell_job_control", session::job_control),
    ("docker::dumb_init_suspends_and_interrupts_its_child", session::suspends_and_interrupts),
];

const PODMAN: [Test<Podman>; 7] = [
    ("podman::hello_runs_from_the_layout", podman::image_runs),
    ("podman::pause_stops_within_half_a_second", podman::pause_stops),
    ("podman::pause_holds_a_pod_and_reaps_its_orphan", podman::pod_is_held),
    ("podman::programs_run_under_their_seccomp_profiles", podman::profiles),
    ("podman::init_is_pid1", |podman| podman::init_is(podman, "pid1")),
    ("podman::init_is_catatonit", |podman| podman::init_is(podman, "catatonit")),
    ("podman::catatonit_holds_a_pod_and_reaps_its_orphan", podman::pod_is_held_by_catatonit),
];

const CRI: [Test<World>; 5] = [
    ("cri::pause_holds_a_pod_on_the_network_of_the_host", cri::host_network),
    ("cri::pause_holds_a_pod_on_a_network_of_pods", cri::pod_network),
    ("cri::pause_reaps_the_orphan_of_a_pod_with_one_pid_namespace", cri::orphan_is_reaped),
    ("cri::the_example_of_shared_processes_runs", cri::example_of_shared_processes),
    ("cri::the_example_of_pid1_in_a_volume_runs", cri::example_of_pid1_in_a_volume),
];

fn main() -> ExitCode {
    // The time that a stop takes is measured, so nothing else runs meanwhile.
    let mut suite = Suite::new().threads(1);
    suite = suite
        .one("runc::hello_prints_its_greeting", runc::hello_prints)
        .one("runc::pause_stops_with_status_0", runc::pause_stops)
        .one("runc::pid1_runs_itself", runc::pid1_runs_itself)
        .one("docker::tini_is_the_init_that_the_configuration_names", docker::tini_is_configured)
        .one("docker::tini_is_the_init_that_is_installed", docker::tini_is_installed)
        .each("runc::foreign_hello_prints_its_greeting", &Target::emulated(), runc::foreign_hello_prints)
        .each("runc::foreign_pid1_runs_itself", &Target::emulated(), runc::foreign_pid1_runs_itself);
    let (docker, podman, cri) =
        (Shared::new(docker::engine), Shared::new(Podman::get), Shared::new(World::get));
    suite = with(suite, &DOCKER, &docker);
    suite = with(suite, &PODMAN, &podman);
    suite = with(suite, &CRI, &cri);
    let code = suite.run();
    // Not before the last test has let go of them.
    drop((docker, podman, cri));
    code
}

fn with<T: Send + 'static>(mut suite: Suite, tests: &'static [Test<T>], shared: &Shared<T>) -> Suite {
    for (name, test) in tests {
        let shared = shared.clone();
        suite = suite.one(*name, move || shared.with(test));
    }
    suite
}
