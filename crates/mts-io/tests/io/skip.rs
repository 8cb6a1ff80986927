//! Steps that are passed over.

use mts_core::{Dataset, SlabSource, TimeAxis};
use mts_io::{Form, Format, open, open_checked};

use crate::{declared, save_as, scratch};

const FORMS: [Form; 3] = [Form::Long, Form::Wide, Form::Panel];

/// The values of the steps from `first` on, `count` at most.
fn expected(dataset: &Dataset, first: usize, count: usize) -> &[f64] {
    let shape = dataset.head().shape;
    let end = shape.steps().min(first.saturating_add(count));
    &dataset.values()[first.min(end) * shape.slab()..end * shape.slab()]
}

/// Passes over `before` steps, reads `some`, passes over `between`, and reads `some` again.
fn check(source: &mut dyn SlabSource, dataset: &Dataset, [before, some, between]: [usize; 3]) {
    let shape = dataset.head().shape;
    let mut at = 0;
    for skip in [before, between] {
        let left = shape.steps() - at;
        assert_eq!(source.skip(skip).unwrap(), skip.min(left));
        at += skip.min(left);
        let mut slabs = vec![0.0; some * shape.slab()];
        let read = source.next(&mut slabs).unwrap();
        assert!(slabs[..read * shape.slab()] == *expected(dataset, at, some), "step {at}");
        at += read;
    }
}

/// Every shape has boundaries of its format at the steps of its list.
#[test]
fn what_follows_is_where_it_belongs() {
    let folder = scratch();
    for (format, (m, t, r), boundaries) in [
        // Two steps make a row group, and 25 pages.
        (Format::Parquet, (4, 5, 1 << 17), [2, 4]),
        (Format::Parquet, (2, 600_000, 1), [10_240, 524_288]),
        (Format::Csv, (3, 50, 2), [1, 40]),
        (Format::Ndjson, (3, 50, 2), [1, 40]),
        (Format::Arrow, (4, 3000, 20), [819, 1638]),
        (Format::Npz, (3, 50, 2), [1, 40]),
        (Format::Netcdf, (3, 50, 2), [1, 40]),
        (Format::Zarr, (4, 5, 1 << 17), [2, 4]),
    ] {
        let dataset = declared(m, t, r, TimeAxis::Seconds { dt: 0.5 });
        let forms = if format.is_table() { &FORMS[..] } else { &FORMS[..1] };
        for form in forms {
            let path = save_as(&dataset, format, *form, folder.path());
            let steps = boundaries.iter().flat_map(|step| [step - 1, *step, step + 1]);
            let steps: Vec<usize> = steps.chain([0, t - 1, t, t + 1, usize::MAX]).collect();
            let mut checked = open_checked(&path).unwrap();
            let mut plain = open(&path).unwrap();
            for before in steps {
                for (some, between) in [(1, 0), (2, 1), (1, boundaries[0]), (1, usize::MAX)] {
                    for source in [&mut checked, &mut plain] {
                        check(source, &dataset, [before, some, between]);
                        source.rewind().unwrap();
                    }
                }
            }
            let left = Dataset::collect(&mut checked).unwrap();
            assert!(left.values() == dataset.values(), "{format}, {form}");
        }
    }
}
