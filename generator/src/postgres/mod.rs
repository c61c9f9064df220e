//! PostgreSQL: the way out of the database.

pub mod copy_out;
