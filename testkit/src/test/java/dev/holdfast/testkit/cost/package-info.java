/** What calls cost, counted, and compared with the tables of the guide. */
@NullMarked
package dev.holdfast.testkit.cost;

import org.jspecify.annotations.NullMarked;
