//! The copyright file in the form that machines can read, which is Debian's copyright format 1.0.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use crate::parts::{Notice, STANDARD};

/// The licence of these sources.
const OWN: &str = env!("CARGO_PKG_LICENSE");

const FORMAT: &str = "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/";

/// Every Debian has this licence, so that packages only say where.
const APACHE: &str = "The text of version 2.0 of the Apache License is on Debian systems in the file\n\
                      /usr/share/common-licenses/Apache-2.0.\n";

/// Of the sources with these licences of their `own`, by the names of the files, and of the crates with `notices`.
pub(super) fn of(maintainer: &str, own: &BTreeMap<String, String>, notices: &[Notice]) -> Result<String> {
    let mut paragraphs = vec![
        format!(
            "Format: {FORMAT}\n\
             Upstream-Name: mote\n\
             Upstream-Contact: {maintainer}\n\
             Comment:\n \
             The programs are linked with code of the crates in vendor, where `cargo\n \
             vendor` puts them, and may hold parts of those in rust, which come with the\n \
             compiler.\n"
        ),
        files("*", &holders(own), OWN, ""),
    ];
    let mut named = BTreeSet::from_iter(names(OWN));
    for notice in notices {
        let mut holders = holders(&notice.texts);
        if holders.is_empty() {
            holders.extend(notice.authors.iter().cloned());
            holders.push(format!("The contributors of {}", notice.name));
        }
        let names = names(&notice.licence);
        let mut text = String::new();
        if names.iter().all(|name| COMMON.contains(name)) {
            named.extend(names);
        } else {
            text.extend(notice.texts.values().map(String::as_str));
        }
        paragraphs.push(files(&format!("vendor/{}/*", notice.name), &holders, &notice.licence, &text));
    }
    for (name, licence) in STANDARD {
        let holders = ["The contributors of the Rust project".to_owned()];
        paragraphs.push(files(&format!("rust/{name}/*"), &holders, licence, ""));
        named.extend(names(licence));
    }
    for name in named {
        let text = text(name, own, notices).with_context(|| format!("there is no text of {name}"))?;
        paragraphs.push(format!("License: {}\n{}", in_debian(name), indented(&text)));
    }
    Ok(paragraphs.join("\n"))
}

/// The licences that are told once, for all that is under them. Others are told as their crates have them.
const COMMON: [&str; 3] = ["Apache-2.0", "Apache-2.0 WITH LLVM-exception", "MIT"];

/// Their texts, without the lines that say whose the code is.
fn text(name: &str, own: &BTreeMap<String, String>, notices: &[Notice]) -> Option<String> {
    let from = |text: &str, start: &str| Some(text[text.find(start)?..].to_owned());
    match name {
        "Apache-2.0" => Some(APACHE.to_owned()),
        "MIT" => own.values().find_map(|text| from(text, "Permission is hereby granted")),
        "Apache-2.0 WITH LLVM-exception" => {
            let mut texts = notices.iter().flat_map(|notice| notice.texts.values());
            texts.find_map(|text| from(text, "As an exception, if")).map(|text| format!("{APACHE}\n{text}"))
        }
        _ => None,
    }
}

fn files(pattern: &str, holders: &[String], licence: &str, text: &str) -> String {
    let (holders, licence) = (holders.join("\n           "), in_debian(licence));
    format!("Files: {pattern}\nCopyright: {holders}\nLicense: {licence}\n{}", indented(text))
}

/// Who says in the texts that the copyright is theirs.
fn holders(texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts.values() {
        let mut within = false;
        for line in text.lines() {
            let holder = line.strip_prefix("Copyright (c) ");
            match (holder, found.last_mut()) {
                (Some(holder), _) => found.push(holder.trim().to_owned()),
                // The rest of a long one.
                (None, Some(last)) if within && line.starts_with(' ') => {
                    *last += &format!(" {}", line.trim())
                }
                _ => {}
            }
            within = holder.is_some() || within && line.starts_with(' ');
        }
    }
    found
}

/// The licences in an SPDX expression.
fn names(licence: &str) -> Vec<&str> {
    let alternatives = licence.split(" OR ").flat_map(|part| part.split(" AND "));
    alternatives.map(|name| name.trim_matches(['(', ')'])).collect()
}

/// An SPDX expression as Debian writes it, where a comma does what parentheses do and this licence of MIT's has a name
/// of its own.
fn in_debian(licence: &str) -> String {
    let text = licence.replace(" AND (", ", AND ").replace(" OR (", ", OR ").replace(") ", ", ");
    let text = text.replace(['(', ')'], "").replace("WITH LLVM-exception", "with LLVM exception");
    let words = text.split(' ').map(|word| match word {
        "MIT" => "Expat",
        "MIT," => "Expat,",
        "AND" => "and",
        "OR" => "or",
        other => other,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The further lines of a field.
fn indented(text: &str) -> String {
    let lines = text.trim().lines().map(str::trim_end);
    lines.map(|line| if line.is_empty() { " .\n".to_owned() } else { format!(" {line}\n") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_crate(licence: &str, texts: &[(&str, &str)]) -> Notice {
        let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Notice {
            name: "c".to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            authors: vec!["A <a@example.org>".to_owned()],
            texts: texts.collect(),
        }
    }

    fn own() -> BTreeMap<String, String> {
        let text = "MIT License\n\nCopyright (c) 2026 Us\n\nPermission is hereby granted\n\nto all\n";
        BTreeMap::from([("LICENSE-MIT".to_owned(), text.to_owned())])
    }

    const LLVM: (&str, &str) = ("LICENSE-LLVM", "Apache\n\n--- LLVM ---\n\nAs an exception, if\n");

    #[test]
    fn expressions_have_debians_names() {
        for (spdx, debian) in [
            ("MIT", "Expat"),
            ("MIT-0 OR BSD-2-Clause", "MIT-0 or BSD-2-Clause"),
            ("Apache-2.0 WITH LLVM-exception OR MIT", "Apache-2.0 with LLVM exception or Expat"),
            ("MIT AND Zlib AND (Zlib OR MIT)", "Expat and Zlib, and Zlib or Expat"),
            ("(Zlib OR MIT) AND Zlib", "Zlib or Expat, and Zlib"),
        ] {
            assert_eq!(in_debian(spdx), debian, "{spdx}");
        }
    }

    #[test]
    fn a_licence_of_many_is_told_once() -> Result<()> {
        let text = of("M <m@example.org>", &own(), &[of_crate("MIT OR Apache-2.0", &[LLVM])])?;
        let paragraph = "Files: vendor/c/*\nCopyright: A <a@example.org>\n           The contributors of c\n\
                         License: Expat or Apache-2.0\n\n";
        assert!(text.contains(paragraph), "{text}");
        assert!(text.contains("Files: *\nCopyright: 2026 Us\nLicense: Expat or Apache-2.0\n\n"), "{text}");
        for alone in [
            "\nLicense: Expat\n Permission is hereby granted\n .\n to all\n",
            "\nLicense: Apache-2.0\n The text",
            "\nLicense: Apache-2.0 with LLVM exception\n The text",
            " .\n As an exception, if\n",
        ] {
            assert_eq!(text.matches(alone).count(), 1, "{alone}\n{text}");
        }
        Ok(())
    }

    #[test]
    fn another_licence_is_as_its_crate_has_it() -> Result<()> {
        let own_text = ("LICENSE", "Copyright (c) 2020, B\nCopyright (c) 2021, C\n    (of D)\n\nDo.\n");
        let crates = [of_crate("MIT", &[LLVM]), of_crate("BSD-2-Clause", &[own_text])];
        let text = of("M <m@example.org>", &own(), &crates)?;
        let paragraph = "Files: vendor/c/*\nCopyright: 2020, B\n           2021, C (of D)\nLicense: BSD-2-Clause\n \
                         Copyright (c) 2020, B\n Copyright (c) 2021, C\n     (of D)\n .\n Do.\n\n";
        assert!(text.contains(paragraph), "{text}");
        assert_eq!(text.matches("License: BSD-2-Clause\n").count(), 1, "{text}");
        Ok(())
    }

    #[test]
    fn a_licence_without_a_text_is_an_error() {
        let error = of("M <m@example.org>", &own(), &[]).map_err(|error| error.to_string());
        assert_eq!(error, Err("there is no text of Apache-2.0 WITH LLVM-exception".to_owned()));
    }
}
