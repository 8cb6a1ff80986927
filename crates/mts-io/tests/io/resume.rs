//! Files whose writer was killed go on at a checkpoint.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, Head, Instants, Saved, State, TimeAxis};
use mts_hash::Map;
use mts_io::{
    Compression, Contents, Digest, Finished, Form, Format, IoError, IoErrorKind, SlabSink, Store, begin,
    create, resume,
};
use rayon::ThreadPoolBuilder;

use crate::{CONFIG_ID, dataset, files, scratch};

const FORMS: [Form; 3] = [Form::Long, Form::Wide, Form::Panel];

/// Everything that a file follows from.
struct Case<'a> {
    dataset: &'a Dataset,
    format: Format,
    form: Form,
    compression: Compression,
    extra: Map,
}

impl<'a> Case<'a> {
    fn of(dataset: &'a Dataset, format: Format, form: Form) -> Self {
        let extra = [("extra", "after the attributes")].into_iter().collect();
        Case { dataset, format, form, compression: Compression::default(), extra }
    }

    fn contents(&self) -> Contents<'_> {
        let Case { dataset, form, compression, ref extra, .. } = *self;
        Contents { head: dataset.head(), config_id: CONFIG_ID, form, compression, extra }
    }

    fn path(&self, folder: &Path) -> PathBuf {
        folder.join(format!("x.{}", self.format.extension()))
    }

    fn begin(&self, folder: &Path) -> Box<dyn SlabSink<Finished>> {
        begin(&Store::<()>::new(), &self.path(folder), self.format, &self.contents()).unwrap()
    }

    fn resume(&self, folder: &Path, state: &[u8]) -> Result<Box<dyn SlabSink<Finished>>, IoError> {
        resume(&Store::<()>::new(), &self.path(folder), self.format, &self.contents(), state)
    }

    /// What a writer makes that is not interrupted.
    fn whole(&self) -> Vec<u8> {
        let mut sink = create(self.format, Vec::new(), &self.contents()).unwrap();
        sink.write(self.dataset.values()).unwrap();
        sink.finish().unwrap()
    }

    /// Hands the steps up to `end` to a sink, some at once.
    fn write(&self, sink: &mut dyn SlabSink<Finished>, end: usize) {
        let (slab, some) = (self.dataset.head().shape.slab(), 1 + end / 3);
        while sink.steps() < end {
            let steps = sink.steps()..end.min(sink.steps() + some);
            sink.write(&self.dataset.values()[steps.start * slab..steps.end * slab]).unwrap();
        }
    }

    /// Writes up to each of `stops`, and a little further, dies, and goes on.
    fn interrupted(&self, folder: &Path, stops: &[usize]) -> Vec<u8> {
        let last = self.dataset.head().shape.steps();
        let mut sink = self.begin(folder);
        for stop in stops {
            self.write(sink.as_mut(), *stop);
            let state = sink.checkpoint().unwrap().expect("a boundary");
            let durable = fs::read(temporary(folder)).unwrap();
            self.write(sink.as_mut(), last.min(stop + 1 + stop / 2));
            drop(sink);
            // A writer that is killed writes nothing more, or anything.
            let garbage = [durable, b"garbage".repeat(*stop % 3)].concat();
            fs::write(temporary(folder), garbage).unwrap();
            sink = self.resume(folder, &state).unwrap();
            assert_eq!(sink.steps(), *stop);
        }
        self.write(sink.as_mut(), last);
        let finished = sink.finish().unwrap();
        let digest = finished.digest.clone();
        publish(finished);
        let path = self.path(folder);
        assert_eq!(Digest::read(&path).unwrap(), digest);
        fs::read(path).unwrap()
    }
}

fn publish(finished: Finished) {
    let store = Store::new();
    let committed = store.commit((), vec![finished.pending]);
    committed.into_iter().chain(store.flush()).for_each(|group| drop(group.outcome.unwrap()));
}

/// The one unfinished file.
fn temporary(folder: &Path) -> PathBuf {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut temporary = paths.filter(|path| path.extension().is_some_and(|extension| extension == "tmp"));
    let found = temporary.next().unwrap();
    assert_eq!(temporary.next(), None);
    found
}

fn with(plain: &Dataset, dtype: Dtype) -> Dataset {
    let mut values: Vec<f64> = plain.values().iter().map(|value| dtype.round(*value)).collect();
    let last = values.len() - 1;
    // A whole row group of the larger datasets has no number.
    values[2 * (last + 1) / 5..4 * (last + 1) / 5].fill(f64::NAN);
    values[last] = f64::NEG_INFINITY;
    Dataset::new(Head { dtype, ..plain.head().clone() }, values).unwrap()
}

fn dates(steps: usize) -> TimeAxis {
    TimeAxis::Instants(Instants::new("2024-01-01", "h", steps).unwrap())
}

fn forms(format: Format) -> &'static [Form] {
    if format.is_table() { &FORMS } else { &FORMS[..1] }
}

/// Stops at the first boundaries, in the middle and at the end.
fn stops(case: &Case) -> Vec<usize> {
    let shape = case.dataset.head().shape;
    let some = case.format.boundary(shape, case.form);
    let (last, middle) = (shape.steps(), shape.steps() / 2 / some * some);
    let mut stops = vec![0, some, 2 * some, middle, last / some * some, last];
    stops.retain(|stop| *stop <= last);
    stops.sort();
    stops.dedup();
    stops
}

#[test]
fn any_file_goes_on() {
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    for (m, t, r) in [(3, 100, 2), (1, 1, 1)] {
        for time in [TimeAxis::Steps, TimeAxis::Seconds { dt: 0.1 }, dates(t)] {
            let plain = dataset(m, t, r, time);
            for dtype in [Dtype::F64, Dtype::F32] {
                let dataset = with(&plain, dtype);
                for format in files() {
                    for form in forms(format) {
                        let (case, folder) = (Case::of(&dataset, format, *form), scratch());
                        let found = case.interrupted(folder.path(), &stops(&case));
                        assert!(found == case.whole(), "{format}, {form}, {dtype:?}, {time:?}");
                        let found = pool.install(|| case.interrupted(folder.path(), &stops(&case)));
                        assert!(found == case.whole(), "{format}, {form}, {dtype:?}, {time:?}, two threads");
                    }
                }
            }
        }
    }
}

/// Times are dictionaries in the first shape, and not in the second.
#[test]
fn row_groups_go_on() {
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let compressions = [Compression::None, Compression::Snappy, Compression::Zstd];
    for ((m, t, r), time) in [((16, 5, 1 << 15), dates(5)), ((4, 270_001, 2), TimeAxis::Seconds { dt: 0.25 })]
    {
        let plain = dataset(m, t, r, time);
        for (dtype, form) in [Dtype::F64, Dtype::F32].into_iter().zip([Form::Long, Form::Wide]) {
            let dataset = with(&plain, dtype);
            for (compression, form) in compressions.into_iter().zip([form, Form::Panel, form]) {
                let case = Case { compression, ..Case::of(&dataset, Format::Parquet, form) };
                let (folder, boundary) = (scratch(), Format::Parquet.boundary(dataset.head().shape, form));
                let found = if compression == Compression::Snappy {
                    pool.install(|| case.interrupted(folder.path(), &[boundary, 2 * boundary, t]))
                } else {
                    case.interrupted(folder.path(), &[boundary, 2 * boundary])
                };
                assert!(found == case.whole(), "{form}, {compression}");
            }
        }
    }
}

/// They are stored over and over.
#[test]
fn states_are_small() {
    // Steps of a whole row group each.
    let (large, small) = (dataset(1024, 10, 1024, TimeAxis::Steps), dataset(4, 10, 2, TimeAxis::Steps));
    for format in files() {
        let (plain, most) =
            if format == Format::Parquet { (&large, 1500 + 700 * 10) } else { (&small, 1000) };
        let (case, folder) = (Case::of(plain, format, Form::Long), scratch());
        let mut sink = case.begin(folder.path());
        case.write(sink.as_mut(), 10);
        let size = sink.checkpoint().unwrap().unwrap().len();
        assert!(size < most, "{format}: {size}");
    }
}

#[test]
fn record_batches_go_on() {
    let dataset = with(&dataset(4, 6000, 40, dates(6000)), Dtype::F32);
    for form in FORMS {
        let (case, folder) = (Case::of(&dataset, Format::Arrow, form), scratch());
        assert!(case.interrupted(folder.path(), &stops(&case)) == case.whole(), "{form}");
    }
}

/// The files of a folder.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = PathBuf::from(path.file_name().unwrap());
        if path.is_dir() {
            files.extend(tree(&path).into_iter().map(|(inner, bytes)| (name.join(inner), bytes)));
        } else {
            files.insert(name, fs::read(path).unwrap());
        }
    }
    files
}

#[test]
fn folders_go_on() {
    for (m, t, r) in [(16, 5, 1 << 15), (3, 100, 2)] {
        for dtype in [Dtype::F64, Dtype::F32] {
            let dataset = with(&dataset(m, t, r, dates(t)), dtype);
            let (case, folder) = (Case::of(&dataset, Format::Zarr, Form::Long), scratch());
            let path = case.path(folder.path());
            let mut sink = case.begin(folder.path());
            case.write(sink.as_mut(), t);
            let whole = sink.finish().unwrap();
            let digest = whole.digest.clone();
            publish(whole);
            let expected = tree(&path);
            fs::remove_dir_all(&path).unwrap();

            let mut sink = case.begin(folder.path());
            for stop in stops(&case) {
                case.write(sink.as_mut(), stop);
                let state = sink.checkpoint().unwrap().unwrap();
                case.write(sink.as_mut(), t);
                drop(sink);
                crate::write(&temporary(folder.path()), "garbage", "garbage");
                crate::write(&temporary(folder.path()).join("data/c"), "7", "garbage");
                sink = case.resume(folder.path(), &state).unwrap();
                assert_eq!(sink.steps(), stop);
            }
            case.write(sink.as_mut(), t);
            let finished = sink.finish().unwrap();
            assert_eq!(finished.digest, digest);
            publish(finished);
            assert!(tree(&path) == expected);
            assert_eq!(Digest::read(&path).unwrap(), digest);
        }
    }
}

#[test]
fn folders_that_are_not_as_they_were_are_left() {
    let large = dataset(16, 5, 1 << 15, TimeAxis::Steps);
    let (case, folder) = (Case::of(&large, Format::Zarr, Form::Long), scratch());
    let mut sink = case.begin(folder.path());
    case.write(sink.as_mut(), 4);
    let state = sink.checkpoint().unwrap().unwrap();
    let message = || case.resume(folder.path(), &state).map(drop).unwrap_err().to_string();
    assert!(message().contains("is locked"));
    drop(sink);

    let temporary = temporary(folder.path());
    let chunk = temporary.join("data/c/0/0/0");
    let mut bytes = fs::read(&chunk).unwrap();
    bytes[7] ^= 1;
    fs::write(&chunk, &bytes).unwrap();
    assert!(message().contains("data/c/0/0/0 is not as it was written"));
    fs::remove_file(&chunk).unwrap();
    assert!(message().contains("files that were written"));
    bytes[7] ^= 1;
    fs::write(&chunk, &bytes).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/", temporary.join("link")).unwrap();
        assert!(message().contains("is no regular file"));
        fs::remove_file(temporary.join("link")).unwrap();
    }
    let before = tree(&temporary);
    drop(case.resume(folder.path(), &state).unwrap());
    assert!(tree(&temporary) == before);
    let store: Store = Store::new();
    store.remove_stale(folder.path()).unwrap();
    crate::write(folder.path(), temporary.file_name().unwrap().to_str().unwrap(), "a file");
    assert!(message().contains("there is no folder .x.zarr.0.tmp"));
}

#[test]
fn formats_stop_where_they_say() {
    let large = dataset(16, 5, 1 << 15, TimeAxis::Steps);
    for format in Format::ALL {
        let (case, folder) = (Case::of(&large, *format, Form::Long), scratch());
        let boundary = format.boundary(large.head().shape, Form::Long);
        let mut sink = case.begin(folder.path());
        for step in 0..=3 {
            case.write(sink.as_mut(), step);
            let possible = step % boundary == 0;
            assert_eq!(sink.checkpoint().unwrap().is_some(), possible, "{format}, step {step}");
        }
        // What is not complete tells nothing.
        assert!(sink.write(&vec![0.0; 3 * large.head().shape.slab()]).is_err());
        assert!(sink.checkpoint().unwrap().is_none());
        drop(sink);
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "{format}");
    }
}

/// What takes any writer cannot know where it is.
#[test]
fn writers_without_a_name_cannot_be_continued() {
    let plain = dataset(3, 40, 2, TimeAxis::Steps);
    for format in files() {
        let case = Case::of(&plain, format, Form::Long);
        let mut sink = create(format, Vec::new(), &case.contents()).unwrap();
        assert!(sink.checkpoint().unwrap().is_none());
        sink.write(plain.values()).unwrap();
        assert_eq!(sink.steps(), 40);
        assert!(sink.checkpoint().unwrap().is_none());
        assert!(sink.finish().unwrap() == case.whole());
    }
}

/// A file of 40 steps after 20, and the state there.
fn stopped(case: &Case, folder: &Path) -> Vec<u8> {
    let mut sink = case.begin(folder);
    case.write(sink.as_mut(), 20);
    sink.checkpoint().unwrap().unwrap()
}

#[test]
fn what_is_not_as_it_was_is_refused_and_left() {
    let plain = dataset(3, 40, 2, TimeAxis::Steps);
    for format in files().filter(|format| format.boundary(plain.head().shape, Form::Long) == 1) {
        let (case, folder) = (Case::of(&plain, format, Form::Long), scratch());
        let state = stopped(&case, folder.path());
        let (temporary, message) = (temporary(folder.path()), |state: &[u8]| {
            let error = case.resume(folder.path(), state).map(drop).unwrap_err();
            assert_eq!(error.path(), Some(case.path(folder.path()).as_path()));
            error.to_string()
        });
        let written = fs::read(&temporary).unwrap();

        for at in 0..state.len() {
            let mut other = state.clone();
            other[at] ^= 1;
            assert!(message(&other).contains("the state is damaged"));
            assert!(message(&state[..at]).contains("the state is damaged"));
        }
        for at in [0, written.len() / 2, written.len() - 1] {
            let mut other = written.clone();
            other[at] ^= 1;
            fs::write(&temporary, &other).unwrap();
            assert!(message(&state).contains("does not begin with what was written"));
            assert_eq!(fs::read(&temporary).unwrap(), other);
            fs::write(&temporary, &written[..at]).unwrap();
            assert!(message(&state).contains("less than"));
            assert_eq!(fs::read(&temporary).unwrap(), &written[..at]);
        }
        fs::write(&temporary, &written).unwrap();

        let busy = case.resume(folder.path(), &state).unwrap();
        let error = case.resume(folder.path(), &state).map(drop).unwrap_err();
        assert!(matches!(error.kind(), IoErrorKind::Busy(_)), "{error}");
        drop(busy);
        assert_eq!(fs::read(&temporary).unwrap(), written);

        let store: Store = Store::new();
        assert_eq!(store.remove_stale(folder.path()).unwrap(), std::slice::from_ref(&temporary));
        assert!(message(&state).contains("there is no file .x."));
        fs::create_dir(&temporary).unwrap();
        assert!(message(&state).contains("there is no file .x."));
    }
}

#[test]
fn other_contents_are_refused() {
    let plain = dataset(3, 40, 2, TimeAxis::Steps);
    let (case, folder) = (Case::of(&plain, Format::Csv, Form::Long), scratch());
    let state = stopped(&case, folder.path());
    let head = plain.head();
    let longer = dataset(3, 41, 2, TimeAxis::Steps);
    let seconds = Head { time: TimeAxis::Seconds { dt: 0.1 }, ..head.clone() };
    let single = Head { dtype: Dtype::F32, ..head.clone() };
    let mut named = head.clone();
    named.attributes.insert("seed", 2);
    let extra = Map::new();
    let path = case.path(folder.path());
    let good = case.contents();
    for (format, contents) in [
        (Format::Ndjson, good),
        (Format::Csv, Contents { head: longer.head(), ..good }),
        (Format::Csv, Contents { head: &seconds, ..good }),
        (Format::Csv, Contents { head: &single, ..good }),
        (Format::Csv, Contents { head: &named, ..good }),
        (Format::Csv, Contents { config_id: "y", ..good }),
        (Format::Csv, Contents { form: Form::Wide, ..good }),
        (Format::Csv, Contents { compression: Compression::Zstd, ..good }),
        (Format::Csv, Contents { extra: &extra, ..good }),
    ] {
        let error = resume(&Store::<()>::new(), &path, format, &contents, &state).map(drop).unwrap_err();
        assert!(error.to_string().contains("belongs to other data"), "{error}");
    }
    assert!(case.resume(folder.path(), &state).is_ok());

    // Nobody has to go on: a new writer clears its way.
    let mut sink = case.begin(folder.path());
    assert!(matches!(case.resume(folder.path(), &state).map(drop).unwrap_err().kind(), IoErrorKind::Busy(_)));
    case.write(sink.as_mut(), 40);
    publish(sink.finish().unwrap());
    assert!(fs::read(&path).unwrap() == case.whole());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// States that nobody made, of a file that is there.
#[test]
fn forged_states_are_no_panics() {
    let (large, small) = (dataset(16, 5, 1 << 15, TimeAxis::Steps), dataset(4, 5, 2, TimeAxis::Steps));
    for format in files() {
        let grouped = [Format::Parquet, Format::Arrow].contains(&format);
        let plain = if grouped { &large } else { &small };
        let (case, folder) = (Case::of(plain, format, Form::Wide), scratch());
        let mut sink = case.begin(folder.path());
        case.write(sink.as_mut(), 4);
        let state = sink.checkpoint().unwrap().unwrap();
        drop(sink);
        let mut saved = Saved::open(&state).unwrap();
        let (fingerprint, steps) = (saved.bytes().unwrap(), saved.u64().unwrap());
        let (own, bytes, sum) = (saved.bytes().unwrap(), saved.u64().unwrap(), saved.bytes().unwrap());
        assert_eq!((steps, bytes), (4, fs::metadata(temporary(folder.path())).unwrap().len()));
        let resumed = |steps: u64, bytes: u64, own: &[u8]| {
            let mut state = State::default();
            state.bytes(fingerprint);
            state.u64(steps);
            state.bytes(own);
            state.u64(bytes);
            state.bytes(sum);
            case.resume(folder.path(), &state.seal()).map(drop)
        };
        resumed(4, bytes, own).unwrap();
        for (steps, bytes) in [(6, bytes), (u64::MAX, bytes), (4, u64::MAX), (4, bytes - 1), (4, bytes + 1)] {
            assert!(resumed(steps, bytes, own).is_err(), "{format}, {steps}, {bytes}");
        }
        if grouped {
            for steps in 0..4 {
                assert!(resumed(steps, bytes, own).is_err(), "{format}, {steps}");
            }
        }
        let mut more = State::default();
        more.u64(7);
        for own in [&[][..], b"garbage", &State::default().seal(), &more.seal()] {
            let as_it_was = format != Format::Parquet && format != Format::Npz && own.len() == 16;
            assert_eq!(resumed(4, bytes, own).is_ok(), as_it_was, "{format}");
        }
        if format == Format::Parquet {
            let footer = Saved::open(own).unwrap().bytes().unwrap();
            for at in (0..footer.len()).step_by(29) {
                let mut other = footer.to_vec();
                other[at] = other[at].wrapping_mul(31).wrapping_add(at as u8);
                let mut own = State::default();
                own.bytes(&other);
                // What a footer says of values cannot be known; of sizes it can.
                let _ = resumed(4, bytes, &own.seal());
                let mut own = State::default();
                own.bytes(&footer[..at]);
                assert!(resumed(4, bytes, &own.seal()).is_err());
            }
        }
        let mut file = File::options().append(true).open(temporary(folder.path())).unwrap();
        file.write_all(b"behind").unwrap();
        let mut sink = case.resume(folder.path(), &state).unwrap();
        case.write(sink.as_mut(), 5);
        publish(sink.finish().unwrap());
        assert!(fs::read(case.path(folder.path())).unwrap() == case.whole(), "{format}");
    }
}
