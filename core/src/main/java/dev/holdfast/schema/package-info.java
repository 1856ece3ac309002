/**
 * The internal tables: makes them, prints the SQL that makes them, and compares a database with them.
 *
 * <p>Rooms hand up their {@link dev.holdfast.engine.Migration}s and this package knows no room. A migration is a text
 * with a number within its room; once released it is never edited, and a change is a new migration. The ledger, table
 * <code>{p}migrations</code>, is the room {@code schema} of this package and remembers what a database has had, with a
 * checksum of each text.
 *
 * <p>{@link dev.holdfast.schema.Schema#migrate} runs at every open. It reads the ledger, and only when something is
 * missing takes the lock and runs all of it in one transaction, so a failure leaves the database as it was. A database
 * that knows more than the program is refused: an old program must not write to tables whose rules it does not know.
 *
 * <p>A {@link dev.holdfast.schema.SchemaVersion} is a number per room. {@link dev.holdfast.schema.Schema#sql} prints
 * what lies between two of them, and {@link dev.holdfast.schema.Schema#check} names each thing in which a database
 * differs; it lets the database itself build and describe what is expected, so no type or condition is parsed here.
 */
@NullMarked
package dev.holdfast.schema;

import org.jspecify.annotations.NullMarked;
