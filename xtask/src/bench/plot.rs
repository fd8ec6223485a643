//! Bar charts, as SVG.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::{
    coord::{
        Shift,
        ranged1d::SegmentedCoord,
        types::{RangedCoordf64, RangedCoordusize},
    },
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{metric::Metric, results::Results, subject::Kind, table::number};

/// A chart and the file that it is in.
pub(super) struct Chart {
    /// Name of the file, without its ending.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) metric: Metric,
    kinds: &'static [Kind],
    /// Whether each line of the grid is ten times the one before.
    logarithmic: bool,
}

pub(super) const CHARTS: [Chart; 7] = [
    Chart {
        name: "file",
        title: "Size of the file, bytes (logarithmic)",
        metric: Metric::FileBytes,
        kinds: &[Kind::Init, Kind::Pause, Kind::Hello],
        logarithmic: true,
    },
    Chart {
        name: "instructions",
        title: "Instructions of the init itself, for `true` (logarithmic)",
        metric: Metric::Instructions,
        kinds: &[Kind::Init],
        logarithmic: true,
    },
    Chart {
        name: "resident",
        title: "Resident memory when idle, kB (logarithmic)",
        metric: Metric::Resident,
        kinds: &[Kind::Init, Kind::Pause],
        logarithmic: true,
    },
    Chart {
        name: "orphans",
        title: "10,000 orphans one by one, ms",
        metric: Metric::SingleOrphans,
        kinds: &[Kind::Init, Kind::Pause],
        logarithmic: false,
    },
    Chart {
        name: "orphans-at-once",
        title: "10,000 orphans at once, ms",
        metric: Metric::BurstOrphans,
        kinds: &[Kind::Init, Kind::Pause],
        logarithmic: false,
    },
    Chart {
        name: "latency",
        title: "From a signal to the init to its command, µs",
        metric: Metric::ForwardLatency,
        kinds: &[Kind::Init],
        logarithmic: false,
    },
    Chart {
        name: "ending",
        title: "From SIGTERM to the end, µs",
        metric: Metric::Ending,
        kinds: &[Kind::Init, Kind::Pause],
        logarithmic: false,
    },
];

const OURS: RGBColor = RGBColor(0xd9, 0x5f, 0x02);
const OTHERS: RGBColor = RGBColor(0x8d, 0xa0, 0xb5);
const WIDTH: u32 = 860;
/// Height of a bar with the space around it.
const ROW: u32 = 26;
/// Height of title and axis.
const FRAME: u32 = 84;
/// Width of the names.
const NAMES: u32 = 150;
/// How much of the width is kept free for the figure beside the longest bar.
const MARGIN: f64 = 0.16;

/// A program in a chart.
struct Bar {
    name: String,
    ours: bool,
    median: f64,
    /// The quartiles, if they differ.
    spread: Option<(f64, f64)>,
}

impl Chart {
    fn bars(&self, results: &Results) -> Vec<Bar> {
        let entries = results.programs.iter().filter(|entry| self.kinds.contains(&entry.kind));
        let bars = entries.filter_map(|entry| {
            let exact = entry.exact.get(&self.metric).map(|exact| (exact.value as f64, None));
            let noisy = entry.noisy.get(&self.metric).map(|spread| {
                let quartiles = (spread.lower_quartile, spread.upper_quartile);
                (spread.median, (quartiles.0 < quartiles.1).then_some(quartiles))
            });
            let (median, spread) = exact.or(noisy)?;
            Some(Bar { name: entry.name.clone(), ours: entry.ours, median, spread })
        });
        bars.collect()
    }

    /// Where a value lies along the axis.
    fn place(&self, value: f64) -> f64 {
        if self.logarithmic { value.max(1.0).log10() } else { value }
    }

    /// Draws the chart into a file.
    pub(super) fn draw(&self, results: &Results, folder: &Path) -> Result<()> {
        let file = folder.join(self.name).with_extension("svg");
        let bars = self.bars(results);
        let rows = u32::try_from(bars.len())?;
        let area = SVGBackend::new(&file, (WIDTH, ROW * rows + FRAME)).into_drawing_area();
        self.fill(&bars, &area).map_err(|error| anyhow!("{}: {error}", file.display()))?;
        Ok(area.present()?)
    }

    fn fill<B: DrawingBackend>(&self, bars: &[Bar], area: &DrawingArea<B, Shift>) -> Drawn<B> {
        let highest = bars.iter().map(|bar| bar.spread.map_or(bar.median, |(_, high)| high));
        let end = self.place(highest.fold(1.0, f64::max)) / (1.0 - MARGIN);
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 17))
            .margin(10)
            .x_label_area_size(26)
            .y_label_area_size(NAMES)
            .build_cartesian_2d(0.0..end, (0..bars.len()).into_segmented())?;
        let name = |row: &SegmentValue<usize>| match row {
            SegmentValue::CenterOf(row) => {
                bars.iter().rev().nth(*row).map_or_else(String::new, |bar| bar.name.clone())
            }
            _ => String::new(),
        };
        let tick = |place: &f64| if self.logarithmic { number(10_f64.powf(*place)) } else { number(*place) };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.15))
            .axis_style(BLACK.mix(0.4))
            .label_style(("sans-serif", 13))
            .x_labels(8)
            .x_label_formatter(&tick)
            .y_labels(bars.len())
            .y_label_formatter(&name)
            .draw()?;
        for (row, bar) in bars.iter().rev().enumerate() {
            self.bar(row, bar, &mut chart)?;
        }
        Ok(())
    }

    fn bar<B: DrawingBackend>(&self, row: usize, bar: &Bar, chart: &mut Axes<'_, B>) -> Drawn<B> {
        let colour = if bar.ours { OURS } else { OTHERS };
        let corners =
            [(0.0, SegmentValue::Exact(row)), (self.place(bar.median), SegmentValue::Exact(row + 1))];
        let mut rectangle = Rectangle::new(corners, colour.filled());
        rectangle.set_margin(4, 4, 0, 0);
        chart.draw_series([rectangle])?;
        let middle = SegmentValue::CenterOf(row);
        let mut right = bar.median;
        if let Some((low, high)) = bar.spread {
            let ends = [low, high].map(|value| (self.place(value), middle.clone()));
            chart.draw_series([PathElement::new(ends, BLACK.stroke_width(2))])?;
            right = right.max(high);
        }
        let style = TextStyle::from(("sans-serif", 13).into_font()).pos(Pos::new(HPos::Left, VPos::Center));
        let figure =
            EmptyElement::at((self.place(right), middle)) + Text::new(number(bar.median), (6, 0), style);
        chart.draw_series([figure])?;
        Ok(())
    }
}

type Axes<'a, B> = ChartContext<'a, B, Cartesian2d<RangedCoordf64, SegmentedCoord<RangedCoordusize>>>;

type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;
