//! `mts plot`: draw datasets.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mts_core::{Head, Time, TimeAxis};
use mts_engine::{Engine, Look};
use mts_hash::{Map, Value, canonical_json};
use mts_io::Store;
use mts_plot::{Figure, Kind, MAX_PIXELS, Options, Picture, PlotError, Series, Theme, compose};

use crate::args::{self, Ground};
use crate::cmd::publish;
use crate::exit::Failure;
use crate::output::Output;
use crate::spans::spans;

pub(crate) fn run(engine: &Engine, args: &args::Plot, output: &mut Output) -> Result<(), Failure> {
    // A pattern of the shell names what lies beside the data, too.
    let is_data = |file: &&PathBuf| !file.to_string_lossy().ends_with(".labels.parquet");
    let data = args.files.iter().filter(is_data).count();
    let files = args.files.iter().filter(|file| data == 0 || is_data(file));
    let pictures: Vec<Picture> =
        output.stage("draw", |_| files.map(|file| draw(engine, args, file)).collect::<Result<_, _>>())?;
    let picture = match <[Picture; 1]>::try_from(pictures) {
        Ok([one]) => one,
        Err(several) => Figure::grid(several, args.columns.unwrap_or(1), None),
    };
    let (width, height) = (picture.width(), picture.height());
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Failure::refused(PlotError::Pixels { width, height }));
    }
    let is_svg = args.output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
    let bytes = output.stage("encode", |_| if is_svg { picture.svg().into_bytes() } else { picture.png() });
    let store = Store::new();
    let mut file = store.create(&args.output).map_err(Failure::refused)?;
    file.write_all(&bytes)
        .map_err(|error| Failure::refused(format!("{}: {error}", args.output.display())))?;
    publish(&store, file)?;
    output.finish();
    if output.json {
        let path = args.output.display().to_string();
        let pairs = [
            ("path", Value::from(path)),
            ("width", u64::from(width).into()),
            ("height", u64::from(height).into()),
        ];
        output.print(canonical_json(&pairs.into_iter().collect::<Map>().into()))?;
    }
    output.say(format_args!("{}: {width} × {height}", args.output.display()));
    Ok(())
}

/// A picture of one file.
fn draw(engine: &Engine, args: &args::Plot, file: &Path) -> Result<Picture, Failure> {
    let told = |error: String| Failure::refused(format!("{}: {error}", file.display()));
    let Look { mut source, facts, labels } = engine.look(file).map_err(Failure::refused)?;
    let head = source.head();
    let channels: Vec<usize> = args.channels.iter().cloned().flatten().collect();
    let options = Options {
        realization: args.realization,
        channels: (!channels.is_empty()).then_some(channels),
        from: time(head, "--from", args.from.as_deref())?,
        to: time(head, "--to", args.to.as_deref())?,
        title: args.title.clone().or_else(|| Some(name(file, head))),
        width: args.width,
        height: args.height,
        theme: match args.theme {
            Ground::Light => Theme::Light,
            Ground::Dark => Theme::Dark,
        },
        series: match (args.stems, args.overlay, args.fan) {
            (true, _, _) => Series::Stems,
            (_, true, _) => Series::Overlay,
            (_, _, true) => Series::Fan,
            _ => Series::Lines,
        },
        spans: spans(labels.as_deref()).map_err(Failure::refused)?,
        laws: facts.as_ref().map(|facts| facts.laws.clone()).unwrap_or_default(),
        angles: facts.is_some_and(|facts| facts.angles),
    };
    let asked: Vec<Kind> = args.kind.iter().filter_map(|name| name.parse().ok()).collect();
    let kinds = if asked.is_empty() { Kind::suiting(head, &options) } else { asked };
    let columns = args.columns.unwrap_or(if kinds.len() > 1 { 2 } else { 1 });
    compose(&mut *source, &kinds, columns, &options).map_err(|error| told(error.to_string()))
}

/// What a picture is called where nobody says: as its configuration, else as its file.
fn name(file: &Path, head: &Head) -> String {
    let of_file = || file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    head.attributes.get("config_id").and_then(|name| name.as_str()).map_or_else(of_file, str::to_owned)
}

/// A time as the axis of the dataset has it.
fn time(head: &Head, option: &str, text: Option<&str>) -> Result<Option<Time>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let (time, wanted) = match head.time {
        TimeAxis::Steps => (text.parse().ok().map(Time::Step), "a step, such as 100"),
        TimeAxis::Seconds { .. } => {
            let seconds = text.parse().ok().filter(|seconds: &f64| !seconds.is_nan());
            (seconds.map(Time::Second), "seconds, such as 2.5")
        }
        TimeAxis::Instants(_) => (Time::instant(text), "a date, such as 2024-01-31 or 2024-01-31T06:30:00"),
    };
    time.map(Some)
        .ok_or_else(|| Failure::refused(format!("{option} {text}: the time axis asks for {wanted}")))
}
