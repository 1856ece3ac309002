/**
 * What streams promise, as suites that every engine passes.
 *
 * <p>The tests of an engine extend each suite in a nested class, over {@link dev.holdfast.testkit.Stores} that hold the
 * tables of {@link dev.holdfast.testkit.stream.StreamSuite#rooms()}. {@link
 * dev.holdfast.testkit.stream.StreamRandomContract} compares 10,000 random steps with a plain model;
 * {@link dev.holdfast.testkit.stream.StreamSharedContract} has two processes on one database, so it is not for stores
 * in memory.
 */
@NullMarked
package dev.holdfast.testkit.stream;

import org.jspecify.annotations.NullMarked;
