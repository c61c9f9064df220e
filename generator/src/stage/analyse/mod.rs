//! Lake → figures: SQL files run by DuckDB.

mod figure;

pub use figure::{Figure, FigureColumn, Figures};
