//! What repeats exactly: bytes, instructions, system calls.

use std::{fs, process::Command, process::Stdio};

use anyhow::Result;

use super::{Context, Figures};
use crate::{
    bench::{
        count::{self, Until},
        metric::Metric,
        namespace,
        subject::{Kind, Subject},
    },
    image::{Content, Image},
    source, workspace,
};

/// Of the file, and of the image that holds it alone, as `cargo xtask dist` makes and counts them.
pub(super) fn sizes(context: &Context, subject: &Subject) -> Result<Figures> {
    let bytes = fs::read(&subject.file)?;
    // Only what is run as it is has a user in its image; the others are there to be copied from.
    let user = (subject.kind != Kind::Init).then_some("65535:65535");
    let content = Content { name: subject.file_name()?, user, bytes: &bytes };
    let image = Image::of_file(content, context.platform, source::date(&workspace::root())?)?;
    Ok(vec![(Metric::FileBytes, bytes.len() as f64), (Metric::ImageBytes, image.size() as f64)])
}

/// Of an init that runs `true`, of a hello from start to end, of a pause until it sleeps.
pub(super) fn counts(_: &Context, subject: &Subject) -> Result<Figures> {
    let until = if subject.kind == Kind::Pause { Until::Asleep } else { Until::End };
    let start = || -> Command {
        let mut start = subject.start(&["true"]);
        start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        start
    };
    let instructions = namespace::as_process_1(|| count::instructions(&mut start(), until))?;
    let calls = namespace::as_process_1(|| count::calls(&mut start(), until))?;
    Ok(vec![(Metric::Instructions, instructions as f64), (Metric::SystemCalls, calls.len() as f64)])
}
