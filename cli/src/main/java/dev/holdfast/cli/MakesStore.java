package dev.holdfast.cli;

/**
 * A command that puts something into a store, and makes the SQLite file when it is missing. All others refuse a file
 * that is not there: its name is mistyped.
 */
interface MakesStore {}
