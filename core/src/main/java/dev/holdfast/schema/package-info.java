/** Runs, prints and checks the migrations that are handed to it; it knows no room. */
@NullMarked
package dev.holdfast.schema;

import org.jspecify.annotations.NullMarked;
