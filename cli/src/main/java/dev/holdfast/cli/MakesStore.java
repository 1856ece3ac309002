package dev.holdfast.cli;

/**
 * A command that puts something into a store, and makes the SQLite file when it is missing. All others refuse a file
 * that is not there: its name is mistyped.
 */
interface MakesStore {
    /**
     * Whether the command is done in memory first where the file is missing: what is wrong with its words shows there,
     * and no file is made for it.
     */
    default boolean isRehearsed() {
        return true;
    }
}
