/**
 * The test kit.
 *
 * <p>A promise starts here. Each suite ({@code XxxContract}) is an abstract test class; the test of an engine is one
 * class with a nested class per suite, and what holds for one engine holds for all:
 *
 * <p>{@snippet : class SqliteEngineTest { @RegisterExtension static final Stores STORES = new SqliteStores(); @Nested
 * class Transactions extends EngineContract { @Override protected Stores stores() { return STORES; } } } }
 *
 * <p>{@code Stores} gives a suite its stores, {@link dev.holdfast.testkit.VirtualTime} its time, {@code FaultyEngine}
 * and {@link dev.holdfast.testkit.CrashContract} its failures, {@code RandomProgram} its random steps,
 * {@link dev.holdfast.testkit.ChildJvm} its other processes and {@link dev.holdfast.testkit.PostgresServer} its server.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
