package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes as flags are written: {@code 65536}, {@code 64KiB}, {@code 16MiB}; below an exbibyte. */
record ByteSize(long bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\s*(|b|k|kib|m|mib|g|gib|t|tib)");
    private static final Map<String, Integer> SHIFT = Map.of("b", 0, "k", 10, "m", 20, "g", 30, "t", 40);
    private static final int BITS_MAX = 60;

    /**
     * The same for a limit that is kept as an {@code int}.
     *
     * @throws InvalidInputException it is 2 GiB or more
     */
    int intBytes(String flag) {
        if (bytes > Integer.MAX_VALUE) {
            throw new InvalidInputException("cli.size", flag + " takes less than 2GiB (bytes=" + bytes + ")");
        }
        return (int) bytes;
    }

    /** Reads flags. */
    static final class Converter implements ITypeConverter<ByteSize> {
        @Override
        public ByteSize convert(String text) {
            Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (matcher.matches()) {
                String unit = matcher.group(2);
                long count = Long.parseLong(matcher.group(1));
                int shift = SHIFT.getOrDefault(unit.isEmpty() ? "b" : unit.substring(0, 1), 0);
                if (count >>> (BITS_MAX - shift) == 0) {
                    return new ByteSize(count << shift);
                }
            }
            throw new TypeConversionException("'" + text + "' is no size: write 65536, 64KiB or 16MiB");
        }
    }
}
