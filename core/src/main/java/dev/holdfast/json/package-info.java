/** JSON text and trees as the store sees them. */
@NullMarked
package dev.holdfast.json;

import org.jspecify.annotations.NullMarked;
