package dev.holdfast.codec;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Turns Jackson's failures into ours. Its messages quote the value that did not fit, so neither they nor the exceptions
 * that carry them go further: only types and places do.
 */
final class CodecErrors {
    private static final int PATH_CHARS_MAX = 200;
    private static final int NAME_CHARS_MAX = 60;

    private CodecErrors() {}

    static InvalidInputException mismatch(JavaType type, JacksonException e) {
        if (e instanceof InvalidDefinitionException) {
            return unsupported(type, e);
        }
        if (e instanceof StreamReadException && !(e instanceof InputCoercionException)) {
            var at = e.getLocation();
            String where = at == null ? "" : " (line=" + at.getLineNr() + ", column=" + at.getColumnNr() + ")";
            return new InvalidInputException(
                    "codec.mismatch",
                    "the bytes are not JSON within the limits, expected a " + type.toCanonical() + where);
        }
        String message = "the JSON is not a " + type.toCanonical() + " (path=" + path(e) + expected(e) + ")";
        if (e instanceof ValueInstantiationException refused
                && refused.getCause() != null
                && !(refused.getCause() instanceof HoldfastException)) {
            // the class itself refused: what it says is the program's own text
            return new InvalidInputException("codec.mismatch", message, refused.getCause());
        }
        return new InvalidInputException("codec.mismatch", message);
    }

    /** The program's class cannot be mapped, or a value cannot be written: nothing is wrong with stored data. */
    static InvalidInputException unsupported(JavaType type, JacksonException e) {
        String reason = e instanceof InvalidDefinitionException ? ": " + e.getOriginalMessage() : "";
        return new InvalidInputException(
                "codec.unsupported",
                "no JSON form for a " + type.toCanonical() + " (path=" + path(e) + ")" + reason,
                e);
    }

    private static String expected(JacksonException e) {
        String type = "";
        if (e instanceof ValueInstantiationException refused && refused.getType() != null) {
            type = refused.getType().toCanonical();
        } else if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            type = mismatch.getTargetType().getTypeName();
        }
        return type.isEmpty() ? "" : ", expected=" + type;
    }

    /** The place in the document, such as {@code $.items[2].price}; names and the whole are cut to size. */
    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder("$");
        for (JacksonException.Reference step : e.getPath()) {
            String name = step.getPropertyName();
            if (name == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append('.').append(cut(name, NAME_CHARS_MAX));
            }
        }
        return cut(path.toString(), PATH_CHARS_MAX);
    }

    private static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max - 3) + "...";
    }
}
