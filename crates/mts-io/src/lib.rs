//! Sinks, sources, sidecars and the atomic store of mts.
