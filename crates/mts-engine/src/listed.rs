//! What a catalogue says against what it tells of.

use std::path::{Path, PathBuf};

use mts_io::{Address, Catalogue, CatalogueRow, Digest, Format, Sidecar};

use crate::Engine;
use crate::message::{shown, told};
use crate::pack::Members;

impl Engine {
    /// How the catalogue `path` differs from what the sidecars of its datasets give.
    pub(crate) fn compare_catalogue(&self, path: &Path) -> Vec<String> {
        let found = match Catalogue::read(path) {
            Ok(found) => found,
            Err(error) => return vec![told(&error.to_string())],
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut findings = Vec::new();
        let mut expected = Catalogue::new();
        let mut pack = None;
        for row in found.rows() {
            let listed = shown(&row.path);
            match self.row(folder, &row, &mut pack) {
                None => findings.push(format!("lists {listed}, of which no sidecar tells")),
                Some(own) if own.data_id != row.data_id => {
                    findings.push(format!("says of {listed} what its sidecar does not"));
                }
                Some(own) => expected.add(own),
            }
        }
        let same = || Ok::<_, mts_io::IoError>(expected.digest()? == Digest::read(path)?);
        if findings.is_empty() && !same().unwrap_or(false) {
            findings.push("is not what the sidecars of its datasets give".to_owned());
        }
        findings
    }

    /// What the sidecar of the dataset in a row gives for it. The pack that was looked at last stays open.
    fn row(
        &self,
        folder: &Path,
        row: &CatalogueRow,
        pack: &mut Option<(PathBuf, Members)>,
    ) -> Option<CatalogueRow> {
        let Address { file, member } = Address::of(&folder.join(&row.path));
        let sidecar = match member {
            None => Sidecar::read(&file.with_file_name(format!("{}.metadata.json", row.config_id))).ok()?,
            Some(member) => {
                if pack.as_ref().is_none_or(|(open, _)| *open != file) {
                    *pack = Some((file.clone(), Members::open(&file).ok()?));
                }
                let (_, members) = pack.as_ref()?;
                members.pack.member(members.place(&member)?).ok()?.sidecar().clone()
            }
        };
        // A run that adds a format may have come after the one that wrote the catalogue.
        let has = |format: &Format| sidecar.artefacts.iter().any(|file| file.format == format.name());
        let listed = sidecar.artefacts.iter().find(|file| file.format == row.format.name())?;
        let sound = listed.digest == row.digest && row.formats.iter().all(has);
        let own = self.restore(&sidecar).ok()?.series()?.row(&sidecar.artefacts).filter(|_| sound)?;
        let (path, digest, formats) = (row.path.clone(), row.digest.clone(), row.formats.clone());
        Some(CatalogueRow { path, digest, format: row.format, formats, ..own })
    }
}
