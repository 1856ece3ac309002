package dev.holdfast.cli;

import dev.holdfast.codec.Durations;
import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as flags are written, always with a unit: {@code 500ms}, {@code 30s}, {@code 7d}. */
final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern NUMBER = Pattern.compile("\\s*[\\d.]+\\s*");

    @Override
    public Duration convert(String text) {
        if (NUMBER.matcher(text).matches()) {
            throw new TypeConversionException(
                    "'" + text + "' has no unit: durations in flags are written 500ms, 30s or 7d");
        }
        try {
            return Durations.parse(text);
        } catch (InvalidInputException e) {
            throw new TypeConversionException(e.detail());
        }
    }
}
