//! The tables: columns for metrics, a row for each program that has them.

use comfy_table::{CellAlignment, Table, presets};

use super::{
    group::GROUPS,
    metric::Metric,
    results::{Entry, Exact, Results},
    spread::Spread,
    subject::Kind,
};

/// All tables of a run, for a terminal.
pub(super) fn all(results: &Results) -> String {
    let mut text = String::new();
    for group in &GROUPS {
        text += &format!("\n{}. {}\n", group.title, group.about);
        for kind in [Kind::Init, Kind::Pause, Kind::Hello] {
            if let Some(table) = one(results, kind, group.metrics) {
                text += &format!("{table}\n");
            }
        }
    }
    text
}

/// The table of programs of a kind, with those of `metrics` that one of them has.
pub(super) fn one(results: &Results, kind: Kind, metrics: &[Metric]) -> Option<Table> {
    let entries: Vec<&Entry> = results.programs.iter().filter(|entry| entry.kind == kind).collect();
    let metrics: Vec<Metric> = metrics
        .iter()
        .copied()
        .filter(|metric| entries.iter().any(|entry| cell(entry, *metric).is_some()))
        .collect();
    if metrics.is_empty() {
        return None;
    }
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let titles = metrics.iter().map(|metric| {
        let shown = metric.shown();
        if shown.unit.is_empty() {
            shown.title.to_owned()
        } else {
            format!("{}, {}", shown.title, shown.unit)
        }
    });
    table.set_header(std::iter::once("program".to_owned()).chain(titles));
    for entry in entries {
        let cells = metrics.iter().map(|metric| cell(entry, *metric).unwrap_or_default());
        table.add_row(std::iter::once(entry.name.clone()).chain(cells));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    Some(table)
}

fn cell(entry: &Entry, metric: Metric) -> Option<String> {
    let exact = entry.exact.get(&metric).map(|Exact { value, most }| {
        if value == most { grouped(*value) } else { format!("{} to {}", grouped(*value), grouped(*most)) }
    });
    exact.or_else(|| entry.noisy.get(&metric).map(spread))
}

fn spread(spread: &Spread) -> String {
    let Spread { lower_quartile, median, upper_quartile, .. } = *spread;
    if lower_quartile == upper_quartile {
        return number(median);
    }
    format!("{} ({} to {})", number(median), number(lower_quartile), number(upper_quartile))
}

/// Three digits that count.
pub(super) fn number(value: f64) -> String {
    match value {
        _ if value.fract() == 0.0 || value >= 100.0 => grouped(value.round() as u64),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A number with a comma before every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(
            [0, 999, 1000, 35_373, 1_234_567].map(grouped),
            ["0", "999", "1,000", "35,373", "1,234,567"]
        );
    }

    #[test]
    fn a_number_has_three_digits_that_count() {
        assert_eq!([1.234, 12.34, 123.4, 1234.5, 16.0].map(number), ["1.23", "12.3", "123", "1,235", "16"]);
    }
}
