package dev.holdfast.cli;

import dev.holdfast.codec.Durations;
import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as flags are written: {@code 500ms}, {@code 30s}, {@code 7d}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Durations.parse(text);
        } catch (InvalidInputException e) {
            throw new TypeConversionException(e.detail());
        }
    }
}
