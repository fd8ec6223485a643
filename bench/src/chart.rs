//! The bar chart of file sizes, as SVG.

use std::path::Path;

use anyhow::{Context, Result};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::{metric::Metric, page::number, target::Target};

const MOTE: RGBColor = RGBColor(0xd9, 0x5f, 0x02);
const OTHERS: RGBColor = RGBColor(0x8d, 0xa0, 0xb5);
const WIDTH: u32 = 860;
/// Height of a bar with the space around it.
const ROW: usize = 26;
/// Height of title and axis.
const FRAME: usize = 84;
const FONT: (&str, i32) = ("sans-serif", 13);

/// Draws a bar for each program, the first one on top, along a logarithmic axis.
pub(crate) fn draw(targets: &[Target], file: &Path) -> Result<()> {
    let bytes = |target: &Target| Some((target.figure(Metric::FileBytes)?.median, target.is_mote));
    let bars: Vec<(f64, bool)> = targets.iter().rev().filter_map(bytes).collect();
    let height = u32::try_from(ROW * bars.len() + FRAME)?;
    let area = SVGBackend::new(file, (WIDTH, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let longest = bars.iter().map(|(bytes, _)| *bytes).fold(1.0, f64::max);
    // The figure beside the longest bar needs space.
    let end = longest.powf(1.2);
    let last = bars.len().checked_sub(1).context("no programs")?;
    let mut chart = ChartBuilder::on(&area)
        .caption("Size of the file, bytes (logarithmic)", ("sans-serif", 17))
        .margin(10)
        .margin_right(40)
        .x_label_area_size(26)
        .y_label_area_size(150)
        .build_cartesian_2d((1.0..end).log_scale(), (0..last).into_segmented())?;
    let name = |row: &SegmentValue<usize>| match row {
        SegmentValue::CenterOf(row) => {
            targets.iter().rev().nth(*row).map_or_else(String::new, |it| it.name.clone())
        }
        SegmentValue::Exact(_) | SegmentValue::Last => String::new(),
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15))
        .axis_style(BLACK.mix(0.4))
        .label_style(FONT)
        .x_label_formatter(&|bytes| number(*bytes))
        .y_labels(bars.len())
        .y_label_formatter(&name)
        .draw()?;
    let left = TextStyle::from(FONT.into_font()).pos(Pos::new(HPos::Left, VPos::Center));
    for (row, (bytes, is_mote)) in bars.into_iter().enumerate() {
        let corners = [(1.0, SegmentValue::Exact(row)), (bytes, SegmentValue::Exact(row + 1))];
        let mut bar = Rectangle::new(corners, if is_mote { MOTE } else { OTHERS }.filled());
        bar.set_margin(4, 4, 0, 0);
        chart.draw_series([bar])?;
        let place = EmptyElement::at((bytes, SegmentValue::CenterOf(row)));
        chart.draw_series([place + Text::new(number(bytes), (6, 0), left.clone())])?;
    }
    Ok(area.present()?)
}
