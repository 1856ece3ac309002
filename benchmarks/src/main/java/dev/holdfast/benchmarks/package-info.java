/**
 * Whole-process comparisons of the library and the server with what a program would use without them.
 *
 * <p>A {@link dev.holdfast.benchmarks.Part} names contestants, each run in a process of its own, and targets, each a
 * ratio of two rates of one round. A round runs every contestant once; what counts is the median over the rounds.
 */
@org.jspecify.annotations.NullMarked
package dev.holdfast.benchmarks;
