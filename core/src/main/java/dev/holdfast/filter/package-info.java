/** The {@code where} language: a sealed tree, its JSON form, evaluation in memory and SQL for both databases. */
@NullMarked
package dev.holdfast.filter;

import org.jspecify.annotations.NullMarked;
