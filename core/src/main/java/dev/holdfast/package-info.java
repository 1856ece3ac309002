/**
 * The front door of Holdfast: open a store, take its rooms, run transactions over them.
 *
 * <pre>{@code
 * try (Holdfast holdfast = Holdfast.open("app.db")) {
 *     holdfast.kv().set(Key.of("users", 42), new User("Ann"));
 *     holdfast.transaction(tx -> {
 *         tx.kv().delete(Key.of("users", 42));
 *         return tx.connection().createStatement().executeUpdate("insert into log values ('gone')");
 *     });
 * }
 * }</pre>
 *
 * <p>Nothing in the library imports this package; it only puts together what lies below.
 */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
