//! The command line of mts, as a library for own binaries.
