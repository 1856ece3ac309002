package dev.holdfast.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes as flags are written: {@code 65536}, {@code 64KiB}, {@code 16MiB}. */
record ByteSize(int bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})\\s*(|b|k|kib|m|mib|g|gib)");
    private static final Map<String, Integer> SHIFT = Map.of("k", 10, "m", 20, "g", 30);

    /** Reads flags. */
    static final class Converter implements ITypeConverter<ByteSize> {
        @Override
        public ByteSize convert(String text) {
            Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (matcher.matches()) {
                String unit = matcher.group(2);
                long bytes = Long.parseLong(matcher.group(1))
                        << SHIFT.getOrDefault(unit.isEmpty() ? "b" : unit.substring(0, 1), 0);
                if (bytes <= Integer.MAX_VALUE) {
                    return new ByteSize((int) bytes);
                }
            }
            throw new TypeConversionException("'" + text + "' is no size: write 65536, 64KiB or 16MiB, less than 2GiB");
        }
    }
}
