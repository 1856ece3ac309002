/** Typed values: how a Java object becomes stored bytes and comes back. */
@NullMarked
package dev.holdfast.codec;

import org.jspecify.annotations.NullMarked;
