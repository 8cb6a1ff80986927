//! Index columns, read in step.

use std::ops::Range;

use mts_core::Time;

use super::message::ArrowFile;
use super::numbers::{floats, integers, none_missing};
use super::parts::Part;
use super::read::{BATCH, refused};
use super::schema::{Kind, Text};
use super::texts::Texts;
use crate::IoError;
use crate::formats::table::{Clock, Index, Layout};

/// The index columns of a layout.
pub(super) struct Rows<'a> {
    file: &'a ArrowFile,
    layout: &'a Layout,
    clock: Clock,
    names: bool,
    /// The batch that is read, its columns, and its rows so far.
    batch: usize,
    parts: Vec<Part>,
    done: usize,
    /// Dictionary batches that were read.
    dictionaries: usize,
    dictionary: Texts,
    bytes: Vec<u8>,
    ticks: Vec<i64>,
    seconds: Vec<f64>,
    channels: Vec<i64>,
    realizations: Vec<i64>,
    texts: Texts,
    /// Places of names in the dictionary, where there is one.
    keys: Vec<i64>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'a ArrowFile, layout: &'a Layout) -> Result<Self, IoError> {
        let clock = match file.columns[layout.time].1 {
            Kind::Integer(_) => Clock::Steps,
            Kind::Double => Clock::Seconds,
            Kind::Instants(clock) => clock,
            _ => return Err(refused(file, layout.time, "whole numbers, Float64 or timestamps")),
        };
        for place in [layout.channel, layout.realization].into_iter().flatten() {
            if !matches!(file.columns[place].1, Kind::Integer(_)) {
                return Err(refused(file, place, "whole numbers"));
            }
        }
        if let Some(place) = layout.name
            && !matches!(file.columns[place].1, Kind::Text(_) | Kind::Dictionary { .. })
        {
            return Err(refused(file, place, "text"));
        }
        Ok(Rows {
            file,
            layout,
            clock,
            names: false,
            batch: 0,
            parts: Vec::new(),
            done: 0,
            dictionaries: 0,
            dictionary: Texts::default(),
            bytes: Vec::new(),
            ticks: Vec::new(),
            seconds: Vec::new(),
            channels: Vec::new(),
            realizations: Vec::new(),
            texts: Texts::default(),
            keys: Vec::new(),
        })
    }

    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    /// Reads the dictionaries that stand before the batch: they add to others or replace them.
    fn read_dictionaries(&mut self, id: i64, text: Text) -> Result<(), IoError> {
        let all = &self.file.dictionaries;
        while let Some(next) = all.get(self.dictionaries).filter(|next| next.before <= self.batch) {
            self.dictionaries += 1;
            if next.id != id {
                continue;
            }
            if !next.more {
                self.dictionary.clear();
            }
            for part in self.file.dictionary(next, text)? {
                self.dictionary.add(self.file, &part, 0..part.rows)?;
            }
        }
        Ok(())
    }

    fn read_names(&mut self, place: usize, rows: Range<usize>) -> Result<(), IoError> {
        let (file, part) = (self.file, &self.parts[place]);
        let Kind::Dictionary { id, text, .. } = part.kind else {
            self.texts.clear();
            return self.texts.add(file, part, rows);
        };
        integers(file, part, rows, &mut self.bytes, &mut self.keys)?;
        self.read_dictionaries(id, text)?;
        let known = |key: &i64| usize::try_from(*key).is_ok_and(|key| self.dictionary.get(key).is_some());
        if self.keys.iter().all(known) {
            return Ok(());
        }
        Err(IoError::damaged("a name is not in its dictionary"))
    }
}

impl Index for Rows<'_> {
    fn restart(&mut self, names: bool) {
        self.names = names;
        (self.batch, self.done, self.dictionaries) = (0, 0, 0);
        self.parts.clear();
        self.dictionary.clear();
    }

    fn next(&mut self) -> Result<usize, IoError> {
        let (file, layout) = (self.file, self.layout);
        let rows = loop {
            let Some(batch) = file.batches.get(self.batch) else { return Ok(0) };
            if self.done < batch.rows {
                if self.done == 0 {
                    self.parts = file.parts(batch)?;
                }
                break self.done..batch.rows.min(self.done + BATCH);
            }
            self.batch += 1;
            self.done = 0;
        };
        self.done = rows.end;
        let time = &self.parts[layout.time];
        if self.clock == Clock::Seconds {
            none_missing(time)?;
            floats(file, time, rows.clone(), &mut self.bytes, &mut self.seconds)?;
        } else {
            integers(file, time, rows.clone(), &mut self.bytes, &mut self.ticks)?;
        }
        if let Some(place) = layout.channel {
            integers(file, &self.parts[place], rows.clone(), &mut self.bytes, &mut self.channels)?;
        }
        if let Some(place) = layout.realization {
            integers(file, &self.parts[place], rows.clone(), &mut self.bytes, &mut self.realizations)?;
        }
        if let Some(place) = layout.name.filter(|_| self.names) {
            self.read_names(place, rows.clone())?;
        }
        Ok(rows.len())
    }

    fn time(&self, row: usize) -> Result<Time, String> {
        match self.clock {
            Clock::Seconds => Ok(Time::Second(self.seconds[row])),
            clock => clock.at(self.ticks[row]),
        }
    }

    fn channel(&self, row: usize) -> i64 {
        self.channels[row]
    }

    fn realization(&self, row: usize) -> i64 {
        self.realizations[row]
    }

    fn name(&self, row: usize) -> &[u8] {
        let texts = match self.keys.get(row) {
            Some(key) => self.dictionary.get(*key as usize),
            None => self.texts.get(row),
        };
        texts.unwrap_or_default()
    }
}
