//! Packs of many datasets, and what lies beside them.

use std::fs;
use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, Edge, Graph, Head, Instants, TimeAxis, Truth};
use mts_hash::{Array, ArrayData, Map, Value, canonical_json};
use mts_io::{
    About, AboutSeries, Artefact, Compression, Contents, Digest, Form, Format, IoError, Pack, PackMember,
    PackWriter, Sidecar, Store, TruthFiles, create, open, open_checked,
};
use parquet::file::reader::{FileReader, SerializedFileReader};
use proptest::prelude::*;

use crate::{declared, scratch, write};

const STEPS: TimeAxis = TimeAxis::Steps;

/// A dataset that is to be in a pack.
struct Member {
    dataset: Dataset,
    config_id: String,
    levels: Vec<(&'static str, String)>,
    truth: Truth,
}

impl Member {
    fn new(number: usize, (m, t, r): (usize, usize, usize), time: TimeAxis) -> Self {
        let config_id = format!("x_M{m}_T{t}__{number:08x}");
        let plain = declared(m, t, r, time);
        let mut head = plain.head().clone();
        head.attributes.insert("config_id", config_id.as_str());
        let values = plain.values().iter().map(|value| value + number as f64).collect();
        let scalars = Map::from_iter([("number", number)]);
        let array = Array::new(vec![2, 600], ArrayData::Int((0..1200).collect())).unwrap();
        let none = Array::new(vec![0, 3], ArrayData::Bool(Vec::new())).unwrap();
        let arrays = [("large".to_owned(), array), ("none".to_owned(), none)];
        let edges = (0..300).map(|from| Edge { from, to: 299 - from, lag: 1, weight: 0.5 }).collect();
        let graphs = [("graph".to_owned(), Graph::Edges { nodes: 300, edges })];
        let truth = Truth { scalars, arrays: arrays.into(), graphs: graphs.into() };
        Member { dataset: Dataset::new(head, values).unwrap(), config_id, levels: Vec::new(), truth }
    }

    fn at(mut self, key: &'static str, value: impl ToString) -> Self {
        self.levels.push((key, value.to_string()));
        self
    }

    fn address(&self) -> String {
        let levels: String = self.levels.iter().map(|(key, value)| format!("/{key}={value}")).collect();
        format!("{}{levels}", self.config_id)
    }

    fn sidecar(&self) -> Sidecar {
        let attributes = self.dataset.head().attributes.clone();
        let params = attributes.get("params").and_then(Value::as_map).unwrap().clone();
        Sidecar {
            about: About::Series(Box::new(AboutSeries {
                config_id: self.config_id.clone(),
                slug: "x".to_owned(),
                hash8: "00c0ffee".to_owned(),
                model: "x".to_owned(),
                n_realizations: self.dataset.head().shape.realizations() as u64,
                params,
                storage_dir: format!("data/x/{}", self.address()),
                zscore: false,
                zscore_axis: "time".to_owned(),
                split: None,
                attributes,
            })),
            seed_entropy: "340282366920938463463374607431768211456".parse().unwrap(),
            data_id: "00c0ffee".to_owned(),
            recipe: self.recipe().into(),
            artefacts: Vec::new(),
        }
    }

    /// Where dates are kept that 64 coordinates do not show.
    fn recipe(&self) -> Map {
        let mut recipe = Map::from_iter([("engine", Value::from(1))]);
        if let TimeAxis::Instants(dates) = self.dataset.head().time {
            let time: Map = [("start", dates.start()), ("freq", dates.frequency())].into_iter().collect();
            recipe.insert("time", time);
        }
        recipe
    }

    fn begin<'a>(&self, pack: &'a mut PackWriter) -> Result<mts_io::MemberSink<'a>, IoError> {
        let extra = Map::new();
        let head = self.dataset.head();
        let contents = Contents {
            head,
            config_id: &self.config_id,
            form: Form::Long,
            compression: Compression::default(),
            extra: &extra,
        };
        let levels: Vec<(&str, &str)> =
            self.levels.iter().map(|(key, value)| (*key, value.as_str())).collect();
        pack.begin(&contents, &levels, &self.truth)
    }

    fn add(&self, pack: &mut PackWriter, steps: usize) -> Result<(), IoError> {
        let mut sink = self.begin(pack)?;
        for slabs in self.dataset.values().chunks(steps * self.dataset.head().shape.slab()) {
            sink.write(slabs)?;
        }
        sink.finish(&self.sidecar())
    }
}

/// Writes a pack of members whose steps arrive `steps` at once.
fn save(members: &[Member], steps: usize, folder: &Path) -> PathBuf {
    let path = folder.join("pack.parquet");
    let store = Store::new();
    let mut pack = PackWriter::create(&store, &path).unwrap();
    members.iter().for_each(|member| member.add(&mut pack, steps).unwrap());
    let finished = pack.finish().unwrap();
    let digests = [&finished.data, &finished.truth, &finished.metadata].map(|file| file.digest.clone());
    store.commit((), finished.into_pending());
    store.flush().into_iter().for_each(|group| drop(group.outcome.unwrap()));
    for (name, digest) in ["pack.parquet", "pack.truth.jsonl", "pack.metadata.jsonl"].iter().zip(digests) {
        assert_eq!(Digest::read(&folder.join(name)).unwrap(), digest);
    }
    path
}

fn at(path: &Path, address: &str) -> PathBuf {
    PathBuf::from(format!("{}#{address}", path.display()))
}

fn error<T>(result: Result<T, IoError>) -> String {
    result.map(drop).unwrap_err().to_string()
}

/// Everything of every member is what went in, by number and by address.
fn compare(path: &Path, members: &[Member]) {
    let pack = Pack::open(path).unwrap();
    assert_eq!((pack.model(), pack.len()), ("x", members.len()));
    let named: Vec<Artefact> = [("parquet", "parquet"), ("truth.jsonl", "truth")]
        .map(|(extension, format)| Artefact {
            file: format!("pack.{extension}"),
            format: format.to_owned(),
            form: Form::Long,
            digest: Digest::read(&path.with_extension(extension)).unwrap(),
        })
        .into();
    for (number, member) in members.iter().enumerate() {
        let address = member.address();
        assert_eq!(pack.addresses().nth(number), Some(address.as_str()));
        assert_eq!(pack.position(&address).unwrap(), number);
        let expected = Sidecar { artefacts: named.clone(), ..member.sidecar() };
        let read = pack.member(number).unwrap();
        assert_eq!(read.address(), address);
        assert_eq!(read.sidecar().to_text(), expected.to_text());
        assert_eq!(&Sidecar::read(&at(path, &address)).unwrap(), read.sidecar());
        assert_eq!(read.truth().unwrap(), TruthFiles::new(&member.truth).unwrap().truth().unwrap());
        for source in [
            read.source(),
            read.source_checked(),
            open(&at(path, &address)),
            open_checked(&at(path, &address)),
        ] {
            let mut source = source.unwrap();
            let read = Dataset::collect(&mut source).unwrap();
            let (head, wanted) = (read.head(), member.dataset.head());
            assert_eq!((head.shape, head.time, head.dtype), (wanted.shape, wanted.time, wanted.dtype));
            for (key, value) in wanted.attributes.iter() {
                assert_eq!(head.attributes.get(key), Some(value));
            }
            let recipe = head.attributes.get("recipe").map(canonical_json);
            assert_eq!(recipe, Some(canonical_json(&member.recipe().into())));
            assert_eq!(head.attributes.get("zscore_axis"), Some(&"time".into()));
            assert!(read.values() == member.dataset.values(), "{address}");
            source.rewind().unwrap();
            assert!(Dataset::collect(&mut source).unwrap() == read);
        }
    }
}

/// Shapes in turn, some of them as wide as dictionaries of times need.
const SHAPES: [(usize, usize, usize); 7] =
    [(5, 256, 1), (1, 1, 1), (2, 3, 2), (5, 256, 1), (16, 40, 10), (3, 7000, 1), (2, 3, 2)];

#[test]
fn members_of_any_shape_come_back() {
    let dates = TimeAxis::Instants(Instants::new("2023-11-30", "ME", 7000).unwrap());
    for time in [STEPS, TimeAxis::Seconds { dt: 0.1 }, dates] {
        let folder = scratch();
        let members: Vec<Member> =
            SHAPES.iter().enumerate().map(|(number, shape)| Member::new(number, *shape, time)).collect();
        compare(&save(&members, 7, folder.path()), &members);
    }
}

#[test]
fn more_shapes_than_are_remembered() {
    let folder = scratch();
    let shapes = (1..=12).chain(1..=12).map(|m| (m, 4, 1));
    let members: Vec<Member> = shapes.enumerate().map(|(i, shape)| Member::new(i, shape, STEPS)).collect();
    compare(&save(&members, 4, folder.path()), &members);
}

#[test]
fn levels_tell_members_of_one_configuration_apart() {
    let folder = scratch();
    let member = |number: usize, seed: usize, start: &str| {
        let mut member =
            Member::new(7, (2, 3, 1), STEPS).at("seed", seed).at("time", start).at("zscore_axis", "#/a");
        member.levels[2].1 = "null".to_owned();
        member.dataset = Dataset::new(
            member.dataset.head().clone(),
            member.dataset.values().iter().map(|value| value - number as f64).collect(),
        )
        .unwrap();
        member
    };
    let members = [member(0, 1, "2024-01-01_D"), member(1, 1, ""), member(2, 2, "")];
    let path = save(&members, 1, folder.path());
    compare(&path, &members);
    let file = SerializedFileReader::new(fs::File::open(&path).unwrap()).unwrap();
    let columns = file.metadata().file_metadata().schema_descr().columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    let long = ["time", "channel", "realization", "value", "config_id"];
    assert_eq!(names, [long.as_slice(), &["seed", "time_", "zscore_axis"]].concat());
}

#[test]
fn single_precision() {
    let folder = scratch();
    let mut members = [Member::new(0, (5, 20, 2), STEPS), Member::new(1, (2, 9, 1), STEPS)];
    for member in &mut members {
        let head = Head { dtype: Dtype::F32, ..member.dataset.head().clone() };
        let values = member.dataset.values().iter().map(|value| f64::from(*value as f32)).collect();
        member.dataset = Dataset::new(head, values).unwrap();
    }
    compare(&save(&members, 3, folder.path()), &members);
}

#[test]
fn large_members_take_several_row_groups() {
    let folder = scratch();
    let members = [
        Member::new(0, (2, 3, 1), STEPS),
        Member::new(1, (3, (1 << 20) + 5, 1), STEPS),
        Member::new(2, (2, 3, 1), STEPS),
    ];
    let path = save(&members, 1 << 18, folder.path());
    let groups: Vec<usize> =
        members.iter().map(|member| PackWriter::row_groups(member.dataset.head().shape)).collect();
    assert_eq!(groups, [1, 4, 1]);
    let file = SerializedFileReader::new(fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(file.num_row_groups(), 6);
    compare(&path, &members);
    let line = &lines(&path)[2];
    assert!(
        line.contains(r#""member":{"address":"x_M2_T3__00000002","row_group":5,"row_groups":1}"#),
        "{line}"
    );
}

#[test]
fn pieces_of_any_size_make_the_same_bytes() {
    let (one, two) = (scratch(), scratch());
    let members = || [Member::new(0, (5, 256, 1), STEPS), Member::new(1, (130, 40, 1), STEPS)];
    let (one, two) = (save(&members(), 1000, one.path()), save(&members(), 1, two.path()));
    for extension in EXTENSIONS {
        let [one, two] = [&one, &two].map(|path| fs::read(path.with_extension(extension)).unwrap());
        assert!(one == two, "{extension}");
    }
}

const EXTENSIONS: [&str; 3] = ["parquet", "truth.jsonl", "metadata.jsonl"];

/// Anybody who has a pack has to find these bytes again.
#[test]
fn golden_bytes() {
    let folder = scratch();
    let time = TimeAxis::Seconds { dt: 0.5 };
    let members = [
        Member::new(0, (2, 3, 2), time).at("seed", 1),
        Member::new(0, (2, 3, 2), time).at("seed", 22),
        Member::new(1, (4, 90, 50), time).at("seed", 3),
    ];
    let path = save(&members, 90, folder.path());
    let found = EXTENSIONS.map(|extension| Digest::read(&path.with_extension(extension)).unwrap().sha256);
    assert_eq!(
        found.map(|sha256| sha256[..16].to_owned()),
        ["b79c6dcea23f6313", "4fa5a0dc8d70f6fc", "2b08150d8ac55352"]
    );
    // Time, channel, realization and value are encoded as in a file of the member's own.
    let mut sink = create(
        Format::Parquet,
        Vec::new(),
        &Contents {
            head: members[2].dataset.head(),
            config_id: &members[2].config_id,
            compression: Compression::default(),
            form: Form::Long,
            extra: &Map::new(),
        },
    )
    .unwrap();
    sink.write(members[2].dataset.values()).unwrap();
    let alone = sink.finish().unwrap();
    let packed = fs::read(&path).unwrap();
    let chunks = |bytes: Vec<u8>, group: usize| {
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
        let columns = reader.metadata().row_group(group).columns()[..4].to_vec();
        columns
            .iter()
            .map(|column| {
                let (start, length) = column.byte_range();
                (bytes[start as usize..(start + length) as usize].to_vec(), column.statistics().cloned())
            })
            .collect::<Vec<_>>()
    };
    assert!(chunks(packed, 2) == chunks(alone, 0));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let folder = scratch();
    let path = folder.path().join("pack.parquet");
    let store = Store::<()>::new();
    let begin = || {
        let mut pack = PackWriter::create(&store, &path).unwrap();
        Member::new(0, (2, 3, 1), STEPS).at("seed", 1).add(&mut pack, 3).unwrap();
        pack
    };
    let own = |number: usize, time: TimeAxis| Member::new(number, (2, 3, 1), time);
    let add = |member: Member| {
        let mut pack = begin();
        let text = error(member.add(&mut pack, 3));
        // What is there already is none the worse.
        assert!(pack.finish().is_ok());
        text.strip_prefix(&format!("{}: ", path.display())).unwrap().to_owned()
    };
    let columns = "the members of a pack are in the long form, and have the same precision, kind of time axis and levels \
                   of folders";
    assert_eq!(add(own(1, TimeAxis::Seconds { dt: 0.5 }).at("seed", 1)), columns);
    assert_eq!(add(own(1, STEPS)), "the members of a pack have the same levels: \"seed\", found \"\"");
    assert_eq!(
        add(own(0, STEPS).at("seed", 1)),
        "the pack has the member \"x_M2_T3__00000000/seed=1\" already"
    );
    let levels = "the levels of a member are as in ou__5600ad7a/seed=2, each key once";
    assert_eq!(add(own(1, STEPS).at("seed", "a/b")), levels);
    assert_eq!(add(own(1, STEPS).at("seed", 1).at("seed", 1)), levels);
    let mut single = own(1, STEPS).at("seed", 1);
    let head = Head { dtype: Dtype::F32, ..single.dataset.head().clone() };
    single.dataset = Dataset::new(head, single.dataset.values().to_vec()).unwrap();
    assert_eq!(add(single), columns);

    let (mut pack, member) = (begin(), own(1, STEPS).at("seed", 1));
    let mut sink = member.begin(&mut pack).unwrap();
    assert!(error(sink.write(&[0.0; 3])).ends_with("3 values are not whole steps of 2 values"));
    assert!(error(sink.finish(&member.sidecar())).ends_with("received only 0 of 3 steps"));
    let unfinished = "a member of the pack has begun and not come to its end";
    assert!(member.begin(&mut pack).err().unwrap().to_string().ends_with(unfinished));
    assert!(error(pack.finish()).ends_with(unfinished));
    let sink = member.begin(&mut begin()).map(|mut sink| {
        sink.write(member.dataset.values()).unwrap();
        error(sink.finish(&of_another_model(member.sidecar())))
    });
    assert!(sink.unwrap().ends_with("of the model \"x\", found that of \"x_M2_T3__00000001\" of \"y\""));

    assert!(error(PackWriter::create(&store, &path).unwrap().finish()).ends_with("one member or more"));
    let other = folder.path().join("pack.csv");
    assert!(error(PackWriter::create(&store, &other)).ends_with("a pack has the extension .parquet"));
    drop(begin());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn row_groups_are_counted() {
    let folder = scratch();
    let path = folder.path().join("pack.parquet");
    let mut pack = PackWriter::create(&Store::<()>::new(), &path).unwrap();
    let mut member = Member::new(0, (1, 1, 1), STEPS);
    member.truth = Truth::default();
    for number in 0..PackWriter::MAX_ROW_GROUPS {
        member.config_id = format!("x__{number:08x}");
        member.add(&mut pack, 1).unwrap();
    }
    member.config_id = "more".to_owned();
    assert!(error(member.add(&mut pack, 1)).ends_with(
        "a Parquet file holds at most 32767 row groups, each member of a pack one or more: begin another pack"
    ));
}

#[test]
fn threads_share_a_pack() {
    let folder = scratch();
    let members: Vec<Member> = (0..40).map(|number| Member::new(number, (3, 500, 1), STEPS)).collect();
    let pack = Pack::open(&save(&members, 500, folder.path())).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for (number, member) in members.iter().enumerate() {
                    let found = pack.member(number).unwrap();
                    let read = Dataset::collect(&mut found.source_checked().unwrap()).unwrap();
                    assert!(read.values() == member.dataset.values());
                    assert_eq!(found.sidecar().series().unwrap().config_id, member.config_id);
                }
            });
        }
    });
}

#[test]
fn addresses() {
    let folder = scratch();
    let members: Vec<Member> = (0..3).map(|number| Member::new(number, (2, 3, 1), STEPS)).collect();
    let path = save(&members, 3, folder.path());
    let unknown = "there is no \"x_M2_T3__0000002\" among the 3 members of the pack; the nearest is \"x_M2_T3__00000002\"";
    let expected = format!("{}: {unknown}", path.display());
    assert_eq!(error(open(&at(&path, "x_M2_T3__0000002"))), expected);
    assert_eq!(error(Sidecar::read(&at(&path, "x_M2_T3__0000002"))), expected);
    assert_eq!(error(Pack::open(&path).unwrap().position("x_M2_T3__0000002")), expected);
    assert!(error(open(&path)).contains("this is a pack of 3 datasets: name one of them behind a #"));
    assert!(error(Pack::open(&folder.path().join("none.parquet"))).contains("there is no such file"));

    // A file that is called so is opened as itself.
    let dataset = declared(2, 3, 1, STEPS);
    let own = at(&path, &members[0].config_id).with_extension("parquet");
    fs::write(&own, crate::bytes(&dataset, Format::Parquet, 3)).unwrap();
    assert_eq!(Dataset::collect(&mut open(&own).unwrap()).unwrap(), dataset);
    let plain = write(folder.path(), "plain.parquet", crate::bytes(&dataset, Format::Parquet, 3));
    assert!(error(open(&at(&plain, "x"))).ends_with("this is no pack: open the file without a member"));
}

fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path.with_extension("metadata.jsonl")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Reads all that there is, and says what is wrong.
fn read(path: &Path) -> Result<Vec<Dataset>, String> {
    let pack = Pack::open(path).map_err(|error| error.to_string())?;
    let member = |member: Result<PackMember, IoError>| {
        let member = member.map_err(|error| error.to_string())?;
        let mut source = member.source_checked().map_err(|error| error.to_string())?;
        if source.head().shape.values() > 1 << 20 {
            return Err("is not what was written".to_owned());
        }
        let dataset = Dataset::collect(&mut source).map_err(|error| error.to_string())?;
        member.truth().map_err(|error| error.to_string())?;
        Ok(dataset)
    };
    pack.members().map(member).collect()
}

fn small() -> Vec<Member> {
    let member = |number: usize, seed: usize| {
        let mut member = Member::new(number, (2, 3, 1), STEPS).at("seed", seed);
        member.truth = Truth { scalars: Map::from_iter([("number", number)]), ..Truth::default() };
        member
    };
    vec![member(0, 1), member(0, 2), member(1, 1)]
}

#[test]
fn lines_that_do_not_fit_are_refused() {
    let folder = scratch();
    let path = save(&small(), 3, folder.path());
    let own = lines(&path);
    let beside = path.with_extension("metadata.jsonl");
    let with = |lines: &[String]| {
        fs::write(&beside, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        let error = read(&path).unwrap_err();
        error.strip_prefix(&format!("{}: ", beside.display())).unwrap_or(&error).to_owned()
    };
    let changed = |line: usize, from: &str, to: &str| {
        let mut lines = own.clone();
        lines[line] = lines[line].replace(from, to);
        assert_ne!(lines, own);
        with(&lines)
    };
    assert_eq!(with(&own[..2]), "has 2 lines, and the pack has 3 members");
    assert_eq!(with(&own[1..]), "line 1: member.row_group must be 0, found 1");
    let [one, two, three] = [0, 1, 2].map(|line: usize| own[line].clone());
    assert_eq!(
        with(&[one.clone(), three.clone(), two.clone()]),
        "line 2: member.row_group must be 1, found 2"
    );
    assert_eq!(with(&[one.clone(), two.clone(), two.clone()]), "line 3: member.row_group must be 2, found 1");
    let twice = two.replace("\"row_group\":1", "\"row_group\":2");
    assert_eq!(with(&[one, two, twice]), "the member \"x_M2_T3__00000000/seed=2\" is there twice");
    assert_eq!(
        changed(0, "\"row_groups\":1", "\"row_groups\":0"),
        "line 1: member.row_groups must be one or more"
    );
    assert_eq!(
        changed(2, "\"row_groups\":1", "\"row_groups\":2"),
        "its members have 4 row groups, and the pack has 3"
    );
    assert!(
        changed(0, "\"row_groups\":1", "\"row_groups\":18446744073709551615")
            .starts_with("line 2: member.row_group must be 18446744073709551615, found 1")
    );
    assert_eq!(
        changed(0, "\"model\":\"x\"", "\"model\":\"y\""),
        "line 1: the model must be \"x\", as that of the pack, found \"y\""
    );
    assert_eq!(changed(1, "\"member\"", "\"no member\""), "line 2: the key member is missing");
    assert_eq!(
        changed(1, "\"address\":\"x_M2", "\"address\":\"x_M3"),
        "line 2: member.address must begin with \"x_M2_T3__00000000\", found \"x_M3_T3__00000000/seed=2\""
    );
    assert!(
        changed(1, "/seed=2\",\"row", "/seed=3\",\"row")
            .ends_with("its row groups hold seed \"2\", expected \"3\"")
    );
    assert!(changed(1, "/seed=2\",\"row", "/seed\",\"row").contains("must be as in ou__5600ad7a/seed=2"));
    assert!(changed(1, "/seed=2\",\"row", "\",\"row").contains("are not the columns of the pack"));
    assert!(
        changed(2, "00000001", "00000009")
            .ends_with("its row groups hold config_id \"x_M2_T3__00000001\", expected \"x_M2_T3__00000009\"")
    );
    assert!(changed(2, "\"T\":3", "\"T\":4").contains("the parameters ask for M=2 · T=4"));
    assert_eq!(changed(2, "}", "]"), "line 3: this is no JSON: expected `,` or `}` at byte 144");
    fs::write(&beside, own.join("\n")).unwrap();
    assert_eq!(
        read(&path).unwrap_err(),
        format!("{}: line 3: no line end: the file is cut off", beside.display())
    );

    // The same where one member is asked for.
    let swapped: Vec<String> = own
        .iter()
        .map(|line| {
            line.replace("\"row_group\":0", "\"row_group\":9").replace("\"row_group\":1", "\"row_group\":0")
        })
        .map(|line| line.replace("\"row_group\":9", "\"row_group\":1"))
        .collect();
    fs::write(&beside, swapped.join("\n") + "\n").unwrap();
    for (address, ending) in [
        ("x_M2_T3__00000000/seed=1", "its row groups hold seed \"2\", expected \"1\""),
        ("x_M2_T3__00000000/seed=2", "its row groups hold seed \"1\", expected \"2\""),
    ] {
        let text = error(open(&at(&path, address)));
        assert_eq!(text, format!("{}#{address}: {ending}", path.display()));
    }
    let far = own.iter().map(|line| line.replace("\"row_group\":2", "\"row_group\":3")).collect::<Vec<_>>();
    fs::write(&beside, far.join("\n") + "\n").unwrap();
    assert!(
        error(open(&at(&path, "x_M2_T3__00000001/seed=1")))
            .ends_with("3 to 4 are not among the 3 of the file")
    );
    fs::write(&beside, [own[0].as_str(), &own[1], &own[1]].join("\n") + "\n").unwrap();
    assert!(error(open(&at(&path, "x_M2_T3__00000000/seed=2"))).ends_with("seed=2\" is there twice"));
    fs::remove_file(&beside).unwrap();
    let missing = format!("{}: there is no such file or folder", beside.display());
    assert_eq!(error(open(&at(&path, "x"))), missing);
}

#[test]
fn truths_that_do_not_fit_are_refused() {
    let folder = scratch();
    let path = save(&small(), 3, folder.path());
    let beside = path.with_extension("truth.jsonl");
    let text = fs::read_to_string(&beside).unwrap();
    assert_eq!(
        text.lines().next(),
        Some(
            r#"{"member":"x_M2_T3__00000000/seed=1","truth":{"arrays":{},"graphs":{},"scalars":{"number":0}}}"#
        )
    );
    for (from, to, expected) in [
        (
            "seed=2",
            "seed=3",
            "line 2: found the truth of \"x_M2_T3__00000000/seed=3\", expected that of \"x_M2_T3__00000000/seed=2\"",
        ),
        ("\"truth\"", "\"truths\"", "line 1: the key truth is missing"),
        (
            "\"arrays\":{}",
            "\"arrays\":{\"a\":{\"empty\":\"int\",\"shape\":[1]}}",
            "line 1: array \"a\": an empty array of \"int\" has the shape [1]",
        ),
        ("\n", "", "line 1: this is no JSON: expected the end of the text at byte 98"),
    ] {
        fs::write(&beside, text.replacen(from, to, 1)).unwrap();
        let found = read(&path).unwrap_err();
        if from == "\n" {
            assert_eq!(found, format!("{}: has 2 lines, and the pack has 3 members", beside.display()));
        } else {
            assert_eq!(found, format!("{}: {expected}", beside.display()));
        }
    }
}

#[test]
fn no_pack_has_so_many_lines() {
    let folder = scratch();
    let path = save(&small(), 3, folder.path());
    for extension in ["truth.jsonl", "metadata.jsonl"] {
        let beside = path.with_extension(extension);
        let text = fs::read_to_string(&beside).unwrap();
        fs::write(&beside, text.clone() + &"\n".repeat(PackWriter::MAX_ROW_GROUPS)).unwrap();
        let ending = if extension == "truth.jsonl" {
            "has more than 32767 lines, the most of any pack"
        } else {
            "at byte 0"
        };
        let error = read(&path).unwrap_err();
        assert!(error.ends_with(ending), "{error}");
        fs::write(&beside, text).unwrap();
    }
}

/// The index columns and the lines say which values are whose; values themselves have no checksum but that
/// of the whole file.
#[test]
fn every_flipped_byte_is_refused_or_moves_only_values() {
    let folder = scratch();
    let members = small();
    let path = save(&members[..2], 3, folder.path());
    for extension in ["parquet", "metadata.jsonl", "truth.jsonl"] {
        let path = path.with_extension(extension);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for bits in [0x01, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= bits;
                fs::write(&path, &bytes).unwrap();
                if let Ok(read) = read(&path.with_extension("").with_extension("parquet")) {
                    assert_eq!(read.len(), 2, "{extension} {at}");
                    for (read, member) in read.iter().zip(&members) {
                        assert_eq!(read.head().shape, member.dataset.head().shape, "{extension} {at}");
                    }
                }
            }
        }
        fs::write(&path, &whole).unwrap();
    }
    for (name, end) in [("parquet", 1), ("metadata.jsonl", 1), ("truth.jsonl", 1)] {
        let path = path.with_extension(name);
        let whole = fs::read(&path).unwrap();
        for length in (0..whole.len()).rev().step_by(end) {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(read(&path.with_extension("").with_extension("parquet")).is_err(), "{name} {length}");
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(read(&path).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn mutated_lines_neither_panic_nor_mix_members(
        line in 0_usize..3,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..4, 0_usize..40, "[0-9a-z\",:{}\\[\\]]{0,6}"), 1..4),
    ) {
        let folder = scratch();
        let members = small();
        let path = save(&members, 3, folder.path());
        let mut lines = lines(&path);
        for (at, kind, length, text) in edits {
            let line = &mut lines[line];
            let start = at.index(line.len().max(1));
            let end = (start + length).min(line.len());
            match kind {
                0 => line.replace_range(start..end, ""),
                1 => line.insert_str(start.min(line.len()), &text),
                2 => line.replace_range(start..end, &text),
                _ => *line = line.replace("\"row_group\":", &format!("\"row_group\":{}", length % 10)),
            }
        }
        fs::write(path.with_extension("metadata.jsonl"), lines.join("\n") + "\n").unwrap();
        let _ = read(&path);
        for member in &members {
            // Which values a member has is said by its row groups, not only by its line.
            if let Ok(mut source) = open_checked(&at(&path, &member.address()))
                && source.head().shape == member.dataset.head().shape
            {
                let read = Dataset::collect(&mut source).unwrap();
                prop_assert!(read.values() == member.dataset.values());
            }
        }
    }
}

fn of_another_model(mut sidecar: Sidecar) -> Sidecar {
    if let About::Series(series) = &mut sidecar.about {
        series.model = "y".to_owned();
    }
    sidecar
}
