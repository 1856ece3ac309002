package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPart;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvValue;
import dev.holdfast.kv.KvWire;
import dev.holdfast.v8.V8Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Collectors;

/** Entries as a program in Deno reads them and its console prints them, on one line. */
final class DenoText {
    private DenoText() {}

    static String entry(KvEntry entry) {
        return "{ key: " + key(entry.key()) + ", value: " + value(entry.value()) + ", versionstamp: "
                + V8Text.of(entry.versionstamp().hex()) + " }";
    }

    static String key(Key key) {
        return key.parts().stream().map(DenoText::part).collect(Collectors.joining(", ", "[ ", " ]"));
    }

    private static String part(KeyPart part) {
        return switch (part) {
            case KeyPart.Bytes bytes -> V8Text.ofBytes(bytes.value());
            case KeyPart.Text(String text) -> V8Text.of(text);
            case KeyPart.Num(double number) -> V8Text.of(number);
            case KeyPart.BigInt(var integer) -> integer + "n";
            case KeyPart.Bool(boolean truth) -> Boolean.toString(truth);
        };
    }

    /** A value; one that Deno cannot read either is the mark that holds its bytes. */
    static String value(KvValue value) {
        return switch (value.encoding()) {
            case U64 -> "[Deno.KvU64: " + unsigned(value) + "n]";
            case BYTES -> V8Text.ofBytes(value.encoded());
            case JSON, V8 -> serialized(value);
        };
    }

    private static String unsigned(KvValue counter) {
        return Long.toUnsignedString(ByteBuffer.wrap(counter.encoded())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong());
    }

    private static String serialized(KvValue value) {
        try {
            return V8Text.of(KvWire.seen(value).encoded());
        } catch (InvalidInputException unreadable) {
            return Json.text(EntryValue.json(value)); // it was kept as it came
        }
    }
}
