//! Shapes, models, processes, truth and the contracts between them.
