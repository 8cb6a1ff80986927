//! Datasets on an object store.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, Head, Shape, SlabSource as _, TimeAxis, Truth};
use mts_hash::{Array, ArrayData, Map, Value};
use mts_io::{
    About, AboutSeries, Address, Catalogue, CatalogueRow, Compression, Contents, Digest, Entry, EntryKind,
    Form, Format, IoErrorKind, Journal, Pack, PackWriter, Pending, Sidecar, Store, TruthFiles, begin, exists,
    is_file, kind, list, open, open_checked, read_bytes, remove, stored_bytes,
};

use crate::server::{Moto, Server, apart};

fn served(name: &str, work: impl FnOnce(Server)) {
    apart(&format!("objects::{name}"), || Moto::shared().server(), work);
}

/// A bucket of a test's own.
fn bucket(server: Server, name: &str) -> PathBuf {
    server.make_bucket(name);
    PathBuf::from(format!("s3://{name}"))
}

fn dataset(shape: Shape) -> Dataset {
    let params: Map =
        [("M", shape.channels()), ("T", shape.steps()), ("n_realizations", shape.realizations())]
            .into_iter()
            .collect();
    let attributes: Map =
        [("config_id", Value::from("walk__00c0ffee")), ("params", params.into())].into_iter().collect();
    let head =
        Head { shape, time: TimeAxis::Seconds { dt: 0.5 }, dtype: Dtype::F64, attributes, truth: None };
    let values = (0..shape.values()).map(|i| i as f64 * 0.37 - 5.0).collect();
    Dataset::new(head, values).unwrap()
}

fn sidecar(seed: i32) -> Sidecar {
    let params: Map = [("M", 2), ("T", 3), ("n_realizations", 1)].into_iter().collect();
    Sidecar {
        about: About::Series(Box::new(AboutSeries {
            config_id: "walk__00c0ffee".to_owned(),
            slug: "walk".to_owned(),
            hash8: "00c0ffee".to_owned(),
            model: "walk".to_owned(),
            n_realizations: 1,
            params: params.clone(),
            storage_dir: format!("walk/walk__00c0ffee/seed={seed}"),
            zscore: false,
            zscore_axis: "time".to_owned(),
            split: None,
            attributes: [("params", params)].into_iter().collect(),
        })),
        seed_entropy: seed.into(),
        data_id: format!("0000000{seed}"),
        recipe: Map::new().into(),
        artefacts: Vec::new(),
    }
}

/// Commits, and expects that all is there before anything is flushed.
fn commit(store: &Store, files: Vec<Pending>) {
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path().to_owned()).collect();
    let committed = store.commit((), files).pop().unwrap();
    assert_eq!(committed.outcome.unwrap(), paths);
    assert!(store.flush().is_empty());
}

fn text(store: &Store, path: &Path, text: &str) -> Pending {
    let mut file = store.create(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn every_format_comes_back() {
    served("every_format_comes_back", |server| {
        // Letters that keys may have and addresses of the web may not.
        let outdir = bucket(server, "formats").join("a b/ü=%2F+#1");
        let store = Store::<()>::new();
        for (shape, name) in [(Shape::of(2, 30, 3), "small"), (Shape::of(40, 1000, 30), "large")] {
            let dataset = dataset(shape);
            let large = name == "large";
            // As text, a large one is only more of the same.
            let is_wanted = |format: &&Format| !format.is_folder() && (!large || !format.streams());
            for format in Format::ALL.iter().filter(is_wanted) {
                let path = outdir.join(format!("{name}.{}", format.extension()));
                let extra = Map::new();
                let contents = Contents {
                    head: dataset.head(),
                    config_id: "walk__00c0ffee",
                    form: Form::Long,
                    compression: Compression::default(),
                    extra: &extra,
                };
                let mut sink = begin(&store, &path, *format, &contents).unwrap();
                dataset.values().chunks(shape.slab() * 7).for_each(|slabs| sink.write(slabs).unwrap());
                // What is on its way cannot be continued.
                assert!(sink.checkpoint().unwrap().is_none());
                let finished = sink.finish().unwrap();
                assert!(!is_file(&path).unwrap());
                commit(&store, vec![finished.pending]);
                assert_eq!(Digest::read(&path).unwrap(), finished.digest, "{format}");
                assert_eq!(stored_bytes(&path).unwrap(), finished.digest.bytes);
                for open in [open, open_checked] {
                    let mut source = open(&path).unwrap();
                    assert_eq!(Dataset::collect(&mut source).unwrap().values(), dataset.values(), "{format}");
                    source.rewind().unwrap();
                    assert_eq!(Dataset::collect(&mut source).unwrap().values(), dataset.values(), "{format}");
                }
            }
        }
        let listed = list(&outdir).unwrap();
        assert_eq!(listed.len(), 6 + 3);
        assert!(listed.iter().all(|entry| entry.kind == EntryKind::File));
        assert!(server.uploads("formats").is_empty());
    });
}

#[test]
fn folders_are_refused() {
    served("folders_are_refused", |server| {
        let path = bucket(server, "folders").join("x.zarr");
        let dataset = dataset(Shape::of(1, 2, 1));
        let extra = Map::new();
        let contents = Contents {
            head: dataset.head(),
            config_id: "x",
            form: Form::Long,
            compression: Compression::default(),
            extra: &extra,
        };
        let begun = begin(&Store::<()>::new(), &path, Format::Zarr, &contents).map(drop);
        for error in [begun.unwrap_err(), open(&path).map(drop).unwrap_err()] {
            assert_eq!(
                error.to_string(),
                "s3://folders/x.zarr: a folder of files cannot appear at once on an object store: use another \
                 format, or write to a disk and copy it"
            );
        }
        assert!(Format::Zarr.objection_to(&path).is_some() && Format::Npz.objection_to(&path).is_none());
    });
}

#[test]
fn texts_packs_and_catalogues_come_back() {
    served("texts_packs_and_catalogues_come_back", |server| {
        let outdir = bucket(server, "texts").join("data");
        let store = Store::<()>::new();

        let mut truth = Truth::default();
        truth.scalars.insert("gain", 0.5);
        let large = Array::new(vec![3000], ArrayData::Float(vec![0.25; 3000])).unwrap();
        truth.arrays.insert("large".to_owned(), large);
        let files = TruthFiles::new(&truth).unwrap();
        let (json, npz) = (outdir.join("x.truth.json"), outdir.join("x.truth.npz"));
        let mut archive = store.create(&npz).unwrap();
        archive.write_all(files.npz.as_ref().unwrap()).unwrap();
        let beside = outdir.join("x.metadata.json");
        let all =
            vec![text(&store, &json, &files.json), archive, text(&store, &beside, &sidecar(7).to_text())];
        commit(&store, all);
        assert_eq!(TruthFiles::read(&json).unwrap().truth().unwrap(), truth);
        assert_eq!(Sidecar::read(&beside).unwrap(), sidecar(7));
        commit(&store, vec![text(&store, &outdir.join("y.truth.json"), "{}")]);
        assert!(TruthFiles::read(&outdir.join("y.truth.json")).unwrap().npz.is_none());
        assert!(matches!(
            Sidecar::read(&outdir.join("none.json")).unwrap_err().kind(),
            IoErrorKind::NotFound
        ));

        let path = outdir.join("walk/pack.00000.parquet");
        let mut pack = PackWriter::create(&store, &path).unwrap();
        let dataset = dataset(Shape::of(2, 3, 1));
        for seed in 1..=3 {
            let extra = Map::new();
            let contents = Contents {
                head: dataset.head(),
                config_id: "walk__00c0ffee",
                form: Form::Long,
                compression: Compression::default(),
                extra: &extra,
            };
            let seed_text = seed.to_string();
            let mut member = pack.begin(&contents, &[("seed", &seed_text)], &truth).unwrap();
            member.write(dataset.values()).unwrap();
            member.finish(&sidecar(seed)).unwrap();
        }
        commit(&store, pack.finish().unwrap().into_pending());
        let pack = Pack::open(&path).unwrap();
        assert_eq!((pack.len(), pack.member(1).unwrap().sidecar().data_id.as_str()), (3, "00000002"));
        assert_eq!(pack.member(2).unwrap().truth().unwrap(), truth);
        assert_eq!(
            Dataset::collect(&mut pack.member(0).unwrap().source_checked().unwrap()).unwrap().values(),
            dataset.values()
        );
        let address = outdir.join("walk/pack.00000.parquet#walk__00c0ffee/seed=2");
        assert_eq!(Address::of(&address).file, path);
        assert_eq!(Sidecar::read(&address).unwrap().data_id, "00000002");
        assert_eq!(Dataset::collect(&mut open(&address).unwrap()).unwrap().values(), dataset.values());

        let row = CatalogueRow {
            config_id: "walk__00c0ffee".to_owned(),
            data_id: "00000007".to_owned(),
            model: "walk".to_owned(),
            shape: Shape::of(2, 3, 1),
            dtype: Dtype::F64,
            seed_entropy: 7.into(),
            spawn_key: vec![0],
            path: "walk/x.parquet".to_owned(),
            format: Format::Parquet,
            formats: Vec::new(),
            digest: Digest { bytes: 1, sha256: "ab".repeat(32) },
            params: Map::from_iter([("M", Value::from(2))]),
        };
        let mut catalogue = Catalogue::new();
        catalogue.add(row.clone());
        let path = outdir.join("catalog.parquet");
        commit(&store, vec![catalogue.write(&store, &path).unwrap().pending]);
        assert_eq!(Catalogue::read(&path).unwrap().rows().collect::<Vec<_>>(), [row]);
    });
}

#[test]
fn what_stands_there_is_found() {
    served("what_stands_there_is_found", |server| {
        let outdir = bucket(server, "stands");
        assert_eq!(kind(&outdir).unwrap(), Some(EntryKind::Folder));
        assert!(list(&outdir).unwrap().is_empty());
        let store = Store::<()>::new();
        // One answer has at most a thousand names.
        for i in 0..1001 {
            commit(&store, vec![text(&store, &outdir.join(format!("many/{i:04}")), "x")]);
        }
        commit(
            &store,
            vec![text(&store, &outdir.join("a"), "abc"), text(&store, &outdir.join("many.txt"), "")],
        );
        let entry = |name: &str, kind| Entry { path: outdir.join(name), kind };
        let expected = [
            entry("a", EntryKind::File),
            entry("many", EntryKind::Folder),
            entry("many.txt", EntryKind::File),
        ];
        assert_eq!(list(&outdir).unwrap(), expected);
        assert_eq!(list(&outdir.join("many")).unwrap().len(), 1001);
        assert_eq!(kind(&outdir.join("many")).unwrap(), Some(EntryKind::Folder));
        assert_eq!(kind(&outdir.join("a")).unwrap(), Some(EntryKind::File));
        // The beginning of a name is no folder.
        assert_eq!(kind(&outdir.join("man")).unwrap(), None);
        assert!(matches!(list(&outdir.join("man")).unwrap_err().kind(), IoErrorKind::NotFound));
        assert!(exists(&outdir.join("many")).unwrap() && !is_file(&outdir.join("many")).unwrap());

        assert_eq!(read_bytes(&outdir.join("a"), 3).unwrap(), b"abc");
        assert!(
            read_bytes(&outdir.join("a"), 2).unwrap_err().to_string().contains("has 3 bytes, and at most 2")
        );
        assert!(read_bytes(&outdir.join("many.txt"), 0).unwrap().is_empty());
        assert_eq!(Digest::read(&outdir.join("many.txt")).unwrap().bytes, 0);
        remove(&outdir.join("a")).unwrap();
        remove(&outdir.join("a")).unwrap();
        assert!(!exists(&outdir.join("a")).unwrap());
        assert!(matches!(stored_bytes(&outdir.join("a")).unwrap_err().kind(), IoErrorKind::NotFound));
        assert!(store.remove_stale(&outdir).unwrap().is_empty());
    });
}

/// Bytes of memory that this process has taken at most.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().trim().parse::<u64>().unwrap() * 1024
}

#[test]
fn large_files_take_little_memory_and_appear_at_once() {
    served("large_files_take_little_memory_and_appear_at_once", |server| {
        const MEGABYTE: usize = 1_000_000;
        let outdir = bucket(server, "large");
        let store = Store::<()>::new();
        let chunk: Vec<u8> = (0..MEGABYTE).map(|i| (i * i / 7) as u8).collect();
        // Connections and their certificates are no part of a file.
        commit(&store, vec![text(&store, &outdir.join("warm"), "x")]);
        let before = peak();
        let path = outdir.join("x");
        let write = |megabytes: usize| {
            let mut file = mts_io::Digesting::new(store.create(&path).unwrap());
            (0..megabytes).for_each(|_| file.write_all(&chunk).unwrap());
            file.finish()
        };
        let (file, _) = write(20);
        assert_eq!(server.uploads("large").len(), 1);
        assert_eq!(server.keys("large"), ["warm"]);
        drop(file);
        assert!(server.uploads("large").is_empty());
        assert_eq!(server.keys("large"), ["warm"]);

        let (file, digest) = write(100);
        assert_eq!(server.keys("large"), ["warm"]);
        commit(&store, vec![file]);
        assert_eq!(server.keys("large"), ["warm", "x"]);
        let written = peak() - before;
        assert_eq!(Digest::read(&path).unwrap(), digest);
        let read = peak() - before;
        println!("100 MB: {} kB to write, {} kB to write and read", written / 1000, read / 1000);
        assert!(written < 48 << 20 && read < 64 << 20, "{written} to write, {read} to write and read");
        assert!(server.uploads("large").is_empty());
    });
}

#[test]
fn the_second_writer_finds_the_first() {
    served("the_second_writer_finds_the_first", |server| {
        let outdir = bucket(server, "second");
        let store = Store::<()>::new();
        let path = outdir.join("x");
        let write = |letter: char, bytes: usize| text(&store, &path, &letter.to_string().repeat(bytes));
        for bytes in [10, 20 << 20] {
            let (one, two, same) = (write('a', bytes), write('b', bytes), write('a', 10));
            commit(&store, vec![one]);
            let error = store.commit((), vec![two]).pop().unwrap().outcome.unwrap_err();
            assert!(matches!(error.kind(), IoErrorKind::Taken), "{error}");
            assert_eq!(
                error.to_string(),
                "s3://second/x: another writer was faster, and what it put there stays: see what it is, and run \
                 again"
            );
            assert_eq!(stored_bytes(&path).unwrap(), bytes as u64);
            assert_eq!(read_bytes(&path, u64::MAX).unwrap()[0], b'a');
            assert!(server.uploads("second").is_empty());
            // Equal content is no conflict.
            assert_eq!(store.commit((), vec![same]).pop().unwrap().outcome.is_ok(), bytes == 10);
            remove(&path).unwrap();
        }
        // What is there is replaced by whoever saw it, once.
        commit(&store, vec![write('a', 10)]);
        let (one, two) = (write('b', 10), write('c', 10));
        commit(&store, vec![one]);
        let error = store.commit((), vec![two]).pop().unwrap().outcome.unwrap_err();
        assert!(matches!(error.kind(), IoErrorKind::Taken), "{error}");
        assert_eq!(read_bytes(&path, 10).unwrap(), b"bbbbbbbbbb");
    });
}

#[test]
fn keys_of_any_words_are_answered() {
    served("keys_of_any_words_are_answered", |server| {
        let outdir = bucket(server, "words");
        let store = Store::<()>::new();
        for name in ["NoSuchBucket", "169.254.169.254", "<Code>NoSuchBucket</Code>", "status code: 403"] {
            let path = outdir.join(name).join("x");
            let [first, second] = ["first", "second"].map(|word| text(&store, &path, word));
            commit(&store, vec![first]);
            let error = store.commit((), vec![second]).pop().unwrap().outcome.unwrap_err();
            assert!(matches!(error.kind(), IoErrorKind::Taken), "{error}");
        }
    });
}

#[test]
fn a_group_is_told_of_last() {
    served("a_group_is_told_of_last", |server| {
        let outdir = bucket(server, "group");
        let store = Store::<()>::new();
        let [data, beside] = ["x.csv", "x.metadata.json"].map(|name| outdir.join(name));
        let group = |word: &str| vec![text(&store, &data, word), text(&store, &beside, word)];
        commit(&store, group("old"));
        let (mine, theirs) = (group("mine"), text(&store, &data, "theirs"));
        commit(&store, vec![theirs]);
        // The sidecar goes before the first file comes, and does not come back for files that are not its own.
        let error = store.commit((), mine).pop().unwrap().outcome.unwrap_err();
        assert!(matches!(error.kind(), IoErrorKind::Taken), "{error}");
        assert_eq!(server.keys("group"), ["x.csv"]);
        commit(&store, group("new"));
        assert_eq!(read_bytes(&beside, 9).unwrap(), b"new");
    });
}

/// A dataset of two files, begun by one writer: the one that tells of it before its data.
fn begun(store: &Store, outdir: &Path, word: &str) -> Vec<Pending> {
    let told = text(store, &outdir.join("x.metadata.json"), word);
    vec![text(store, &outdir.join("x.csv"), word), told]
}

fn refused(store: &Store, files: Vec<Pending>) {
    let error = store.commit((), files).pop().unwrap().outcome.unwrap_err();
    assert!(matches!(error.kind(), IoErrorKind::Taken), "{error}");
}

/// What a dataset holds, and what tells of it.
fn found(outdir: &Path) -> [String; 2] {
    ["x.csv", "x.metadata.json"]
        .map(|name| String::from_utf8(read_bytes(&outdir.join(name), 9).unwrap()).unwrap())
}

#[test]
fn the_second_group_leaves_the_first_as_it_is() {
    served("the_second_group_leaves_the_first_as_it_is", |server| {
        let outdir = bucket(server, "groups");
        let store = Store::<()>::new();
        // Nobody has begun the dataset, then somebody has made it.
        for words in [["new", "late"], ["newer", "later"]] {
            let [first, second] = words.map(|word| begun(&store, &outdir, word));
            commit(&store, first);
            refused(&store, second);
            assert_eq!(found(&outdir), [words[0]; 2]);
        }
        // Files of another format beside those that are there.
        let [first, second] = ["npz", "parquet"].map(|format| {
            let told = text(&store, &outdir.join("x.metadata.json"), &format!("csv,{format}"));
            vec![text(&store, &outdir.join("x").with_extension(format), format), told]
        });
        commit(&store, first);
        refused(&store, second);
        assert_eq!(server.keys("groups"), ["x.csv", "x.metadata.json", "x.npz"]);
        assert_eq!(found(&outdir)[1], "csv,npz");
        // What somebody has withdrawn is his to replace.
        let second = begun(&store, &outdir, "late");
        remove(&outdir.join("x.metadata.json")).unwrap();
        refused(&store, second);
        assert_eq!(server.keys("groups"), ["x.csv", "x.npz"]);
        // Two that make the same are both right.
        for _ in 0..2 {
            let [first, second] = ["same", "same"].map(|word| begun(&store, &outdir, word));
            commit(&store, first);
            commit(&store, second);
            assert_eq!(found(&outdir), ["same"; 2]);
            commit(&store, begun(&store, &outdir, "other"));
        }
    });
}

#[test]
fn data_begun_after_they_were_made_do_not_replace_them() {
    served("data_begun_after_they_were_made_do_not_replace_them", |server| {
        let outdir = bucket(server, "late");
        let store = Store::<()>::new();
        let told = text(&store, &outdir.join("x.metadata.json"), "late");
        commit(&store, begun(&store, &outdir, "first"));
        // As one that found nothing, and was slow to begin: its condition is what the first has made.
        let data = text(&store, &outdir.join("x.csv"), "late");
        refused(&store, vec![data, told]);
        assert_eq!(found(&outdir), ["first"; 2]);
    });
}

#[test]
fn what_was_repaired_meanwhile_keeps_what_tells_of_it() {
    served("what_was_repaired_meanwhile_keeps_what_tells_of_it", |server| {
        let outdir = bucket(server, "repaired");
        let store = Store::<()>::new();
        commit(&store, begun(&store, &outdir, "right"));
        server.put("repaired", "x.csv", b"wrong");
        // Times have seconds.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        // One makes again what it was, so that what tells of it has the tag that it had.
        let [first, second] = ["right", "other"].map(|word| begun(&store, &outdir, word));
        commit(&store, first);
        refused(&store, second);
        assert_eq!(found(&outdir), ["right"; 2]);
    });
}

#[test]
fn journals_keep_the_lines_of_all() {
    served("journals_keep_the_lines_of_all", |server| {
        let path = bucket(server, "journal").join("manifest.jsonl");
        let write = |writer: usize| {
            let mut journal = Journal::open(&path).unwrap();
            for line in 0..5 {
                journal.add(&format!("{writer} {line}")).unwrap();
                journal.sync().unwrap();
            }
        };
        std::thread::scope(|scope| (0..3).for_each(|writer| drop(scope.spawn(move || write(writer)))));
        let text = Journal::read(&path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        let expected: Vec<String> = (0..15).map(|i| format!("{} {}", i / 5, i % 5)).collect();
        assert_eq!(lines, expected);
        // Nothing to say is nothing to write.
        Journal::open(&path.with_extension("none")).unwrap().sync().unwrap();
        assert_eq!(server.keys("journal"), ["manifest.jsonl"]);
    });
}
