//! PostgreSQL → Arrow → DuckDB → Hive-partitioned Parquet and its manifest.
