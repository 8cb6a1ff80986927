//! Which row refers to which.

use std::sync::Arc;

use arrow_buffer::NullBuffer;
use mts_hash::SeedSequence;

use crate::shuffle::Shuffle;
use crate::spec::{CountSpec, Order, RelationshipSpec};
use crate::{Children, CountLaw, Forest, Links, Rows};

/// A relationship between rows.
pub(crate) struct Link {
    pub(crate) parent: usize,
    pub(crate) child: usize,
    /// Columns of the child's key, and of the parent's, by place.
    pub(crate) child_key: Vec<usize>,
    pub(crate) parent_key: Vec<usize>,
    pub(super) kin: Kin,
    pub(crate) bounds: Bounds,
}

/// How many children there may be.
pub(crate) struct Bounds {
    /// Of a parent.
    pub(crate) least: u64,
    /// Of a parent; any number where nothing is said.
    pub(crate) greatest: Option<u64>,
    /// Rows without a parent, where their number is known.
    pub(crate) orphans: Option<u64>,
}

impl Bounds {
    /// Those of a relationship; `has_gaps` where keys are missing for other reasons.
    pub(super) fn new(asked: &Asked, has_gaps: bool) -> Self {
        let spec = asked.spec;
        Bounds {
            least: if has_gaps { 0 } else { spec.min_children },
            greatest: asked.greatest(),
            orphans: (!has_gaps && !asked.is_own).then(|| asked.orphans()),
        }
    }
}

/// How a row finds its parent.
pub(crate) enum Kin {
    /// By the slot that its place leads to.
    Slots {
        slots: Slots,
        /// The slots of rows, where they are not their own places.
        order: Option<Shuffle>,
        /// The slots from here on have no parent.
        orphans: u64,
    },
    /// Within its own table: rows before it, none for roots.
    Forest(Forest),
    /// As the partner, in the same slot, of the parent of an earlier relationship.
    Partner { links: Arc<Links>, order: Option<Shuffle> },
}

/// Slots of children.
pub(crate) enum Slots {
    /// Of one parent each.
    Children(Box<Children>),
    /// Of two parents that meet once.
    Links(Arc<Links>),
}

/// The parents of rows.
pub(super) struct Parents {
    pub(super) rows: Vec<u64>,
    /// Where there are some without.
    pub(super) there: Option<NullBuffer>,
}

impl Slots {
    fn children(&self) -> &Children {
        match self {
            Slots::Children(children) => children,
            Slots::Links(links) => links.slots(),
        }
    }
}

impl Link {
    /// Whether a row may have no parent.
    pub(super) fn may_be_null(&self) -> bool {
        match &self.kin {
            Kin::Slots { orphans, .. } => *orphans < u64::MAX,
            Kin::Forest(_) => true,
            Kin::Partner { .. } => false,
        }
    }

    /// Bytes that it remembers, at most.
    pub(super) fn memory(&self) -> u64 {
        match &self.kin {
            Kin::Slots { slots, .. } => BUDGET.min(6 * slots.children().parents_len()),
            Kin::Forest(forest) => forest.memory().min(BUDGET),
            Kin::Partner { .. } => 0,
        }
    }

    /// Whether its parents are partners of those of another one.
    pub(super) fn is_partner(&self) -> bool {
        matches!(self.kin, Kin::Partner { .. })
    }

    pub(super) fn parents(&self, rows: &Rows) -> Parents {
        match &self.kin {
            Kin::Slots { slots, order, orphans } => {
                of_slots(slots.children(), order.as_ref(), *orphans, rows)
            }
            Kin::Forest(forest) => {
                let parents = forest.parents(rows);
                let there = NullBuffer::from_iter(parents.iter().map(Option::is_some));
                Parents {
                    rows: parents.into_iter().map(Option::unwrap_or_default).collect(),
                    there: Some(there),
                }
            }
            Kin::Partner { links, order } => {
                let partners = slots(order.as_ref(), rows).into_iter().map(|slot| links.pair(slot).1);
                Parents { rows: partners.collect(), there: None }
            }
        }
    }
}

fn slots(order: Option<&Shuffle>, rows: &Rows) -> Vec<u64> {
    match (order, rows) {
        (Some(order), Rows::Range(range)) => {
            let mut slots = vec![0; rows.len()];
            order.fill(range.start, &mut slots);
            slots
        }
        (Some(order), Rows::Listed(rows)) => rows.iter().map(|row| order.at(*row)).collect(),
        (None, rows) => rows.iter().collect(),
    }
}

fn of_slots(children: &Children, order: Option<&Shuffle>, orphans: u64, rows: &Rows) -> Parents {
    let mut parents = Vec::with_capacity(rows.len());
    if let (None, Rows::Range(range)) = (order, rows)
        && range.end <= orphans
    {
        children.parents(range.clone(), &mut parents);
        return Parents { rows: parents, there: None };
    }
    let slots = slots(order, rows);
    if orphans == u64::MAX {
        children.parents_of(&slots, &mut parents);
        return Parents { rows: parents, there: None };
    }
    if orphans == 0 {
        parents.resize(slots.len(), 0);
    } else {
        // Any parent will do for those that have none.
        let some: Vec<u64> = slots.iter().map(|slot| (*slot).min(orphans - 1)).collect();
        children.parents_of(&some, &mut parents);
    }
    Parents { rows: parents, there: Some(NullBuffer::from_iter(slots.iter().map(|slot| *slot < orphans))) }
}

/// What a relationship is made from.
pub(super) struct Asked<'a> {
    pub(super) spec: &'a RelationshipSpec,
    pub(super) seed: SeedSequence,
    pub(super) parents: u64,
    pub(super) rows: u64,
    /// Whether parents and children are rows of one table.
    pub(super) is_own: bool,
    /// Whether no parent may have two children.
    pub(super) single: bool,
    /// The rows of another table that each parent is to meet once at most.
    pub(super) meets: Option<u64>,
    /// The relationship whose parents its own are to meet once at most.
    pub(super) partner: Option<&'a Link>,
}

impl Asked<'_> {
    /// Children that a parent may have.
    fn greatest(&self) -> Option<u64> {
        let most = self.spec.max_children;
        if self.single { Some(most.map_or(1, |most| most.min(1))) } else { most }
    }

    /// Rows without a parent.
    fn orphans(&self) -> u64 {
        (self.rows as f64 * self.spec.null_rate).round_ties_even() as u64
    }
}

/// Bytes that a relationship may remember.
const BUDGET: u64 = 32 << 20;

/// How rows find their parents.
pub(super) fn kin(asked: &Asked) -> Result<Kin, String> {
    let Asked { spec, seed, parents, rows, .. } = asked;
    let told = |error: crate::Infeasible| format!("{} → {}: {error}", spec.parent_table, spec.child_table);
    let max = asked.greatest();
    if asked.is_own {
        if spec.min_children > 0 || spec.children.is_some() {
            return Err(
                "within one table, children have no least number and no law: somebody comes last".to_owned()
            );
        }
        let forest = Forest::new(seed, *rows, spec.null_rate, max).map_err(told)?;
        return Ok(Kin::Forest(forest.with_budget(BUDGET)));
    }
    if let Some(link) = asked.partner {
        let Kin::Slots { slots: Slots::Links(links), order, .. } = &link.kin else {
            return Err("two parents that meet once are rows of two other tables".to_owned());
        };
        if spec.min_children > 0
            || spec.max_children.is_some()
            || spec.children.is_some()
            || spec.null_rate > 0.0
        {
            let rule = "of two parents that meet once, the first has the bounds and the law";
            return Err(rule.to_owned());
        }
        return Ok(Kin::Partner { links: links.clone(), order: order.clone() });
    }
    let without = asked.orphans();
    let (children, law) = (rows - without, law(spec));
    let slots = match asked.meets {
        None => {
            let made = Children::new(seed, *parents, children, spec.min_children, max, law).map_err(told)?;
            Slots::Children(Box::new(made.with_budget(BUDGET)))
        }
        Some(partners) if without == 0 => {
            let made =
                Links::new(seed, *parents, partners, children, spec.min_children, max, law).map_err(told)?;
            Slots::Links(Arc::new(made.with_budget(BUDGET)))
        }
        Some(_) => return Err("null_rate must be 0 where two parents meet once".to_owned()),
    };
    let grouped = spec.order == Order::Grouped;
    let order = (!grouped && *rows > 0).then(|| Shuffle::new(&seed.child(3), *rows, *parents));
    let orphans = if spec.null_rate > 0.0 { children } else { u64::MAX };
    Ok(Kin::Slots { slots, order, orphans })
}

/// The law of the number of children.
fn law(spec: &RelationshipSpec) -> CountLaw {
    match spec.children {
        None => CountLaw::Fit,
        Some(CountSpec::Uniform) => CountLaw::Uniform,
        Some(CountSpec::Fixed) => CountLaw::Fixed,
        Some(CountSpec::Poisson { lambda }) => CountLaw::Poisson { lambda },
        Some(CountSpec::Zipf { exponent }) => CountLaw::Zipf { exponent },
        Some(CountSpec::Geometric { p }) => CountLaw::Geometric { p },
    }
}
