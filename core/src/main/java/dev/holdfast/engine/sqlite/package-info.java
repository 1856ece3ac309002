/** The SQLite engine: a driver, its pragmas, one writer with group commit, a pool of readers. */
@NullMarked
package dev.holdfast.engine.sqlite;

import org.jspecify.annotations.NullMarked;
