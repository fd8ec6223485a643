//! The changelog in Debian's form, which is that of a native package: there is no packaging beside the source.

use anyhow::Result;
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use textwrap::{Options, WordSplitter};

use super::{
    VERSION,
    notes::{self, FILE},
    version,
};
use crate::exit::CannotStart;

/// What Debian's tools take for too long begins behind it.
const WIDTH: usize = 79;

/// An entry for this version and for each before it, by `maintainer`. A section that tells no date is as old as the
/// commit, which is from `commit`, in seconds since 1970.
pub(super) fn of(changelog: &str, maintainer: &str, commit: u64) -> Result<String> {
    let commit = Timestamp::from_second(commit.try_into()?)?.to_zoned(TimeZone::UTC);
    let mut entries = Vec::new();
    for section in notes::sections(changelog).skip_while(|section| section.version != VERSION) {
        let date = match section.date {
            Some(date) => midnight(date)?,
            None => commit.clone(),
        };
        let (version, date) = (version(section.version), date.strftime("%a, %d %b %Y %T %z"));
        let changes = changes(section.body);
        entries.push(format!(
            "mote ({version}) unstable; urgency=medium\n{changes}\n -- {maintainer}  {date}\n"
        ));
    }
    Ok(entries.join("\n"))
}

fn midnight(date: &str) -> Result<Zoned> {
    let parsed = date.parse::<Date>().and_then(|date| date.to_zoned(TimeZone::UTC));
    parsed.map_err(|_| {
        CannotStart(format!("{FILE} has {date:?} where a date such as 2026-01-31 belongs")).into()
    })
}

/// A list and its headings, each paragraph of which is broken anew.
fn changes(body: &str) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        match paragraphs.last_mut() {
            Some(last) if line.starts_with(' ') => *last = format!("{last} {}", line.trim()),
            _ => paragraphs.push(line.trim_end().to_owned()),
        }
    }
    let options = Options::new(WIDTH).initial_indent("  * ").subsequent_indent("    ");
    let options = options.word_splitter(WordSplitter::NoHyphenation).break_words(false);
    let mut text = String::new();
    for paragraph in paragraphs {
        if let Some(heading) = paragraph.strip_prefix("### ") {
            text += &format!("\n  [ {heading} ]\n");
            continue;
        }
        if text.is_empty() {
            text.push('\n');
        }
        let item = paragraph.strip_prefix("- ").unwrap_or(&paragraph);
        text += &format!("{}\n", textwrap::fill(item, &options));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_from_this_one_on_has_an_entry() -> Result<()> {
        let changelog = format!(
            "# Changelog\n\n## Unreleased\n- c\n\n\
             ## {VERSION} - 2026-01-01\n\n\
             ### Added\n- `pid1`: one\n  two\n\
             - a line that is too long for a terminal of eighty columns, and with dumb-init in it\n\n\
             ### Changed\n\n- b\n\n\
             ## 0.0.1-rc.1\n- a\n"
        );
        let expected = format!(
            "mote ({VERSION}) unstable; urgency=medium\n\n  \
             [ Added ]\n  \
             * `pid1`: one two\n  \
             * a line that is too long for a terminal of eighty columns, and with\n    dumb-init in it\n\n  \
             [ Changed ]\n  \
             * b\n\n \
             -- A <a@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n\n\
             mote (0.0.1~rc.1) unstable; urgency=medium\n\n  \
             * a\n\n \
             -- A <a@example.org>  Fri, 02 Jan 1970 00:00:00 +0000\n"
        );
        assert_eq!(of(&changelog, "A <a@example.org>", 86_400)?, expected);
        Ok(())
    }

    #[test]
    fn a_heading_with_another_date_is_an_error() {
        let changelog = format!("\n## {VERSION} - soon\n- a\n");
        let error = of(&changelog, "A <a@example.org>", 0).map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("CHANGELOG.md has \"soon\" where a date such as 2026-01-31 belongs".to_owned())
        );
    }
}
