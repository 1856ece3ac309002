/**
 * The rules of the house, as tests over the whole checkout.
 *
 * <p>A {@link dev.holdfast.house.Rule} reads a {@link dev.holdfast.house.Checkout} and lists the places that break it;
 * {@code TidyTest} runs them all over this repository, and each rule has a test that shows it a bad sample, because a
 * rule that cannot fail protects nothing. {@code ArrowsTest} holds the table of allowed package dependencies,
 * {@code ApiListingTest} the listing of the public API. {@code SnippetTest} compiles and runs the Java of the guides.
 */
@NullMarked
package dev.holdfast.house;

import org.jspecify.annotations.NullMarked;
