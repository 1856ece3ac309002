/** Tuple keys and their bytes: parts ordered by type, then by value. */
@NullMarked
package dev.holdfast.key;

import org.jspecify.annotations.NullMarked;
