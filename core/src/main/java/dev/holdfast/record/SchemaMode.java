package dev.holdfast.record;

/** What opening a store does about its tables. Both ways compare them with what they must be, and check the format. */
public enum SchemaMode {
    /** Makes the tables that are missing. */
    CREATE,
    /** Makes none; for databases whose tables are made by migrations of the application. */
    VALIDATE
}
