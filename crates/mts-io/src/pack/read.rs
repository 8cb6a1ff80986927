//! The members of a pack.

use std::path::{Path, PathBuf};

use mts_core::{SlabSource, Truth};
use mts_hash::Map;

use super::lines::Lines;
use super::member::{Place, hint, read_line, read_truth_line};
use super::{metadata_path, series_of, truth_path};
use crate::formats::Check;
use crate::formats::pack::PackFile;
use crate::truth;
use crate::{Address, IoError, Sidecar};

/// A pack and what lies beside it, for all members in any order: each costs what it has itself, and threads
/// share one pack.
///
/// Memory holds the footer of the file and the addresses of the members; [`PackWriter`](crate::PackWriter)
/// has an example.
pub struct Pack {
    path: PathBuf,
    file: PackFile,
    places: Vec<Place>,
    metadata: Lines,
    truth: Lines,
}

impl Pack {
    /// Opens the pack `path`. Every line beside it is looked at: members must be those of its row groups, in
    /// order.
    ///
    /// # Errors
    ///
    /// Where one of the three files is missing, unreadable or damaged, or they do not fit together.
    pub fn open(path: &Path) -> Result<Self, IoError> {
        let file = open_file(path)?;
        let mut places: Vec<Place> = Vec::new();
        let metadata = Lines::open(&metadata_path(path), |text| {
            let (place, sidecar) = read_line(text)?;
            let first = places.last().map_or(0, |before| before.row_groups.end);
            if place.row_groups.start != first {
                let found = place.row_groups.start;
                return Err(IoError::damaged(format!("member.row_group must be {first}, found {found}")));
            }
            of_model(&file, &sidecar)?;
            places.push(place);
            Ok(())
        })?;
        let (covered, groups) = (places.last().map_or(0, |last| last.row_groups.end), file.row_groups());
        let count = |lines: &Lines, path: PathBuf| count(&file, lines).map_err(|error| error.at(&path));
        count(&metadata, metadata_path(path))?;
        if covered != groups {
            let what = format!("its members have {covered} row groups, and the pack has {groups}");
            return Err(IoError::damaged(what).at(&metadata_path(path)));
        }
        let truth = Lines::open(&truth_path(path), |_| Ok(()))?;
        count(&truth, truth_path(path))?;
        let pack = Pack { path: path.to_owned(), file, places, metadata, truth };
        pack.all_differ().map_err(|error| error.at(&metadata_path(path)))?;
        Ok(pack)
    }

    fn all_differ(&self) -> Result<(), IoError> {
        let mut addresses: Vec<&str> = self.addresses().collect();
        addresses.sort_unstable();
        match addresses.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(twice(pair[0])),
            None => Ok(()),
        }
    }

    /// The model of all members.
    pub fn model(&self) -> &str {
        self.file.model()
    }

    /// The number of members, which is never 0 in a pack that is whole.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True without members.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The addresses of the members below the file, in order.
    pub fn addresses(&self) -> impl ExactSizeIterator<Item = &str> {
        self.places.iter().map(|place| place.address.as_str())
    }

    /// The place of a member among the others.
    ///
    /// # Errors
    ///
    /// Where there is none of this address; the nearest one is named.
    pub fn position(&self, address: &str) -> Result<usize, IoError> {
        let found = self.addresses().position(|known| known == address);
        found.ok_or_else(|| unknown(address, self.addresses()).at(&self.path))
    }

    /// A member by its place among the others.
    ///
    /// # Errors
    ///
    /// Where its line cannot be read.
    ///
    /// # Panics
    ///
    /// Where there are no so many members.
    pub fn member(&self, position: usize) -> Result<PackMember<'_>, IoError> {
        let sidecar = self.metadata.read(position, |text| Ok(read_line(text)?.1))?;
        Ok(PackMember { pack: self, position, sidecar })
    }

    /// All members, one after the other.
    pub fn members(&self) -> impl ExactSizeIterator<Item = Result<PackMember<'_>, IoError>> {
        (0..self.len()).map(|position| self.member(position))
    }
}

/// A dataset in an open [`Pack`].
pub struct PackMember<'a> {
    pack: &'a Pack,
    position: usize,
    sidecar: Sidecar,
}

impl<'a> PackMember<'a> {
    /// Its folder below that of the model.
    pub fn address(&self) -> &'a str {
        &self.place().address
    }

    /// Its sidecar, which names the files of the pack.
    pub fn sidecar(&self) -> &Sidecar {
        &self.sidecar
    }

    /// Its truth.
    ///
    /// # Errors
    ///
    /// Where its line cannot be read, or is that of another.
    pub fn truth(&self) -> Result<Truth, IoError> {
        let truth = |text: &str| truth::from_value(&read_truth_line(text, self.address())?, None);
        self.pack.truth.read(self.position, truth)
    }

    /// Its values, as [`open`](crate::open()) gives them.
    ///
    /// # Errors
    ///
    /// As [`open`](crate::open()).
    pub fn source(&self) -> Result<Box<dyn SlabSource>, IoError> {
        self.source_with(Check::Head)
    }

    /// Its values, as [`open_checked`](crate::open_checked) gives them.
    ///
    /// # Errors
    ///
    /// As [`open_checked`](crate::open_checked).
    pub fn source_checked(&self) -> Result<Box<dyn SlabSource>, IoError> {
        self.source_with(Check::Rows)
    }

    fn source_with(&self, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
        source(&self.pack.path, &self.pack.file, self.place(), &self.sidecar, check)
    }

    fn place(&self) -> &'a Place {
        &self.pack.places[self.position]
    }
}

/// The member `address` of the pack `path`.
pub(crate) fn open(path: &Path, address: &str, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let file = open_file(path)?;
    let (place, sidecar) = find(path, address, Some(&file))?;
    source(path, &file, &place, &sidecar, check)
}

/// The sidecar of the member `address` of the pack `path`.
pub(crate) fn read_sidecar(path: &Path, address: &str) -> Result<Sidecar, IoError> {
    find(path, address, None).map(|(_, sidecar)| sidecar)
}

fn open_file(path: &Path) -> Result<PackFile, IoError> {
    PackFile::open(path).map_err(|error| error.at(path))
}

/// The line of a member: one pass over all, of which few are parsed.
fn find(path: &Path, address: &str, file: Option<&PackFile>) -> Result<(Place, Sidecar), IoError> {
    let beside = metadata_path(path);
    let (hint, mut found) = (hint(address), None);
    let lines = Lines::open(&beside, |text| {
        if text.contains(&hint) {
            let line = read_line(text)?;
            if line.0.address == address && found.replace(line).is_some() {
                return Err(twice(address));
            }
        }
        Ok(())
    })?;
    if let Some(file) = file {
        count(file, &lines).map_err(|error| error.at(&beside))?;
    }
    let Some(found) = found else {
        let known: Result<Vec<Place>, _> =
            (0..lines.len()).map(|line| lines.read(line, |text| Ok(read_line(text)?.0))).collect();
        return Err(unknown(address, known?.iter().map(|place| place.address.as_str())).at(path));
    };
    if let Some(file) = file {
        of_model(file, &found.1).map_err(|error| error.at(&beside))?;
    }
    Ok(found)
}

fn count(file: &PackFile, lines: &Lines) -> Result<(), IoError> {
    let (members, found) = (file.members(), lines.len());
    if members == found {
        return Ok(());
    }
    Err(IoError::damaged(format!("has {found} lines, and the pack has {members} members")))
}

fn of_model(file: &PackFile, sidecar: &Sidecar) -> Result<(), IoError> {
    let (model, found) = (file.model(), &series_of(sidecar)?.model);
    if model == found {
        return Ok(());
    }
    Err(IoError::damaged(format!("the model must be {model:?}, as that of the pack, found {found:?}")))
}

fn source(
    path: &Path,
    file: &PackFile,
    place: &Place,
    sidecar: &Sidecar,
    check: Check,
) -> Result<Box<dyn SlabSource>, IoError> {
    let address = Address { file: path.to_owned(), member: Some(place.address.clone()) };
    let name = PathBuf::from(address.to_string());
    let source = place.parts().and_then(|(config_id, levels)| {
        let attributes = attributes(sidecar)?;
        file.source(&name, place.row_groups.clone(), config_id, &levels, attributes, check)
    });
    source.map_err(|error| error.at(&name))
}

/// All that a file of the member's own would say, in the order in which the sidecar has it.
fn attributes(sidecar: &Sidecar) -> Result<Map, IoError> {
    let series = series_of(sidecar)?;
    let mut attributes = series.attributes.clone();
    attributes.insert("zscore", series.zscore);
    attributes.insert("zscore_axis", series.zscore_axis.as_str());
    attributes.insert("storage_dir", series.storage_dir.as_str());
    attributes.insert("data_id", sidecar.data_id.as_str());
    attributes.insert("recipe", sidecar.recipe.clone());
    Ok(attributes)
}

fn twice(address: &str) -> IoError {
    IoError::damaged(format!("the member {address:?} is there twice"))
}

/// Longer addresses are not compared letter by letter.
const LONGEST: usize = 1 << 10;

fn unknown<'a>(address: &str, known: impl ExactSizeIterator<Item = &'a str>) -> IoError {
    let count = known.len();
    let comparable = |text: &str| text.len() <= LONGEST;
    let known = known.filter(|known| comparable(address) && comparable(known));
    let nearest = known.min_by_key(|known| strsim::osa_distance(address, known));
    let nearest = nearest.map(|nearest| format!("; the nearest is {nearest:?}")).unwrap_or_default();
    IoError::refused(format!("there is no {address:?} among the {count} members of the pack{nearest}"))
}
