//! YAML and JSON documents with positions: parsing, schema checks, grids, includes.
