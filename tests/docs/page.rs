//! Parses pages of the documentation.

use std::collections::BTreeSet;
use std::fs;
use std::iter;
use std::ops::Range;

use anyhow::{Context, Result};
use mote_tests::workspace_files;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use xtask::workspace;

/// A Markdown file of the tree.
pub(crate) struct Page {
    /// Relative to the root.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A fenced block of code.
pub(crate) struct Block {
    /// `README.md:7`, for messages.
    pub(crate) place: String,
    /// The info string of the fence.
    pub(crate) language: String,
    pub(crate) text: String,
    /// The HTML comments directly above it, without their delimiters.
    pub(crate) comments: Vec<String>,
}

/// A row of a table.
pub(crate) struct Row {
    pub(crate) place: String,
    /// The title above the table.
    pub(crate) section: String,
    pub(crate) cells: Vec<Cell>,
}

/// A cell of a row.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// The spans of code in it.
    pub(crate) codes: Vec<String>,
    /// The HTML comment in it.
    pub(crate) comment: String,
}

/// Returns all pages of the tree.
pub(crate) fn all() -> Result<Vec<Page>> {
    let pages = workspace_files::list()?.into_iter().filter(|path| path.ends_with(".md"));
    pages.map(|path| Page::read(&path)).collect()
}

impl Page {
    pub(crate) fn read(path: &str) -> Result<Self> {
        let text = fs::read_to_string(workspace::root().join(path)).context(path.to_owned())?;
        Ok(Self { path: path.to_owned(), text })
    }

    fn events(&self) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
        Parser::new_ext(&self.text, Options::ENABLE_TABLES).into_offset_iter()
    }

    /// `README.md:7`
    fn place(&self, range: &Range<usize>) -> String {
        let above = self.text.get(..range.start).unwrap_or_default();
        format!("{}:{}", self.path, above.matches('\n').count() + 1)
    }

    pub(crate) fn blocks(&self) -> Vec<Block> {
        let (mut blocks, mut comments) = (Vec::new(), Vec::new());
        let mut open: Option<Block> = None;
        for (event, range) in self.events() {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    let (place, comments) = (self.place(&range), std::mem::take(&mut comments));
                    open = Some(Block {
                        place,
                        language: language.into_string(),
                        text: String::new(),
                        comments,
                    });
                }
                Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
                Event::Text(text) if let Some(block) = &mut open => block.text += &text,
                Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
                Event::Html(html) => {
                    let comment =
                        html.trim().strip_prefix("<!--").and_then(|inner| inner.strip_suffix("-->"));
                    comments.extend(comment.map(|inner| inner.trim().to_owned()));
                }
                _ => comments.clear(),
            }
        }
        blocks
    }

    /// Returns the place and the target of each link and picture.
    pub(crate) fn links(&self) -> Vec<(String, String)> {
        let target = |event| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url),
            _ => None,
        };
        self.events()
            .filter_map(|(event, range)| Some((self.place(&range), target(event)?.into_string())))
            .collect()
    }

    /// Returns the anchors of this page: its titles, in the form that GitHub gives them.
    pub(crate) fn anchors(&self) -> BTreeSet<String> {
        let titles = self.titles().into_iter().map(|(_, title)| title.to_lowercase());
        let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
        let mut anchors = BTreeSet::new();
        for title in titles {
            let anchor = title.chars().filter(kept).collect::<String>().replace(' ', "-");
            // GitHub appends 1 to the anchor of the second title with the same text.
            let again = (1..).map(|count| format!("{anchor}-{count}"));
            let free = iter::once(anchor.clone()).chain(again).find(|name| !anchors.contains(name));
            anchors.extend(free);
        }
        anchors
    }

    fn titles(&self) -> Vec<(HeadingLevel, String)> {
        let (mut titles, mut open) = (Vec::new(), None);
        for (event, _) in self.events() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => open = Some((level, String::new())),
                Event::End(TagEnd::Heading(_)) => titles.extend(open.take()),
                Event::Text(text) | Event::Code(text) if let Some((_, title)) = &mut open => *title += &text,
                _ => {}
            }
        }
        titles
    }

    /// Returns the rows of its tables, without the headers.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let (mut rows, mut section, mut in_title) = (Vec::new(), String::new(), false);
        let mut open: Option<Row> = None;
        for (event, range) in self.events() {
            match event {
                Event::Start(Tag::Heading { .. }) => (section, in_title) = (String::new(), true),
                Event::End(TagEnd::Heading(_)) => in_title = false,
                Event::Text(text) | Event::Code(text) if in_title => section += &text,
                Event::Start(Tag::TableRow) => {
                    open =
                        Some(Row { place: self.place(&range), section: section.clone(), cells: Vec::new() });
                }
                Event::End(TagEnd::TableRow) => rows.extend(open.take()),
                Event::Start(Tag::TableCell) => {
                    if let Some(row) = &mut open {
                        row.cells.push(Cell::default());
                    }
                }
                event => {
                    if let Some(cell) = open.as_mut().and_then(|row| row.cells.last_mut()) {
                        cell.take(event);
                    }
                }
            }
        }
        rows
    }

    /// Returns the place and the text of each span of code.
    pub(crate) fn codes(&self) -> Vec<(String, String)> {
        let code = |event| if let Event::Code(code) = event { Some(code.into_string()) } else { None };
        self.events().filter_map(|(event, range)| Some((self.place(&range), code(event)?))).collect()
    }
}

impl Cell {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => self.text += &text,
            Event::Code(code) => {
                self.text += &code;
                self.codes.push(code.into_string());
            }
            Event::InlineHtml(html) => self.comment += &html,
            _ => {}
        }
    }
}
