package dev.holdfast.engine;

/** The SQL a database speaks. An engine names one; every room keeps its statements for both side by side. */
public enum Dialect {
    /** SQLite 3.51.3 or newer: one writer at a time, so transactions are serializable by nature. */
    SQLITE,
    /** PostgreSQL 15 or newer, or a database that speaks its protocol and SQL. */
    POSTGRES
}
