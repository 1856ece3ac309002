package dev.holdfast.filter;

import java.util.List;
import java.util.Optional;

/**
 * What a filter demands of one field, in a form that an index can answer: see {@link Filter#constraints()}.
 *
 * <p>Necessary, not sufficient: every matching document satisfies it, others may too. None allows the field to be
 * missing or null.
 */
public sealed interface FieldConstraint {
    /** The field. */
    FieldPath path();

    /** The field equals one of these values; of none, no document matches. */
    record OneOf(FieldPath path, List<Operand> values) implements FieldConstraint {}

    /** The field is text that starts with this one, which is not empty. */
    record Prefix(FieldPath path, String text) implements FieldConstraint {}

    /** The field lies between two ends of one type, text or numbers, both included. At least one end is there. */
    record Range(FieldPath path, Optional<Operand> low, Optional<Operand> high) implements FieldConstraint {}
}
