//! The catalogue of stochastic and dynamical models of mts.
