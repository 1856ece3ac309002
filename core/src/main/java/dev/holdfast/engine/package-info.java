/** Engines, transactions, the change log and signals: what every room stands on. */
@NullMarked
package dev.holdfast.engine;

import org.jspecify.annotations.NullMarked;
