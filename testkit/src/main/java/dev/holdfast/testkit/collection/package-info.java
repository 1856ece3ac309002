/**
 * What collections promise, as suites that every engine passes.
 *
 * <p>The tests of an engine extend each suite in a nested class, over {@link dev.holdfast.testkit.Stores} that hold the
 * tables of the rooms {@code search} and {@code collection}. {@link
 * dev.holdfast.testkit.collection.CollectionProgramContract} compares 10,000 random steps with a plain model;
 * {@link dev.holdfast.testkit.collection.CollectionRaceContract} has many callers in two processes, so it is not for
 * stores in memory.
 */
@NullMarked
package dev.holdfast.testkit.collection;

import org.jspecify.annotations.NullMarked;
