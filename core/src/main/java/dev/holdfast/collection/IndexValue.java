package dev.holdfast.collection;

import dev.holdfast.filter.Operand;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * JSON values as bytes that sort as {@link dev.holdfast.filter.JsonOrder} does: missing, null, false, true, numbers by
 * their exact value, strings by code point, arrays, objects.
 *
 * <p>The encoding of a field is cut to {@value #FIELD_BYTES_MAX} bytes. Everything that looks at the order of documents
 * - indexes on both databases, sorting in memory, cursors - looks at these bytes, so values that are alike so far are
 * in the same place everywhere; equality is always decided by the values themselves. Why entries and not expressions of
 * SQL: decision 0002.
 *
 * <p>A value's bytes stand in front of the next field's tag, which is always below {@link #AFTER}. So a range that
 * holds everything that begins with a value is from its bytes to the same with {@link #AFTER} behind them.
 */
final class IndexValue {
    /** Bytes of one field in an entry at most. */
    static final int FIELD_BYTES_MAX = 256;

    /** Greater than whatever follows the encoding of a value. */
    static final int AFTER = 0xff;

    /** Keys of a unique index up to this length stand for themselves. */
    static final int PLAIN_KEY_BYTES_MAX = 64;

    private static final int MISSING = 0x01;
    private static final int NULL = 0x02;
    private static final int FALSE = 0x03;
    private static final int TRUE = 0x04;
    private static final int NUMBER = 0x05;
    private static final int STRING = 0x06;
    private static final int ARRAY = 0x07;
    private static final int OBJECT = 0x08;
    private static final int END = 0x00;
    /** Behind a zero byte that belongs to a string, where the end of one has a tag or nothing. */
    private static final int ESCAPED = 0xff;

    private IndexValue() {}

    /** The encoding of a value, cut to size. */
    static byte[] of(JsonNode node) {
        IndexBytes out = new IndexBytes(FIELD_BYTES_MAX);
        write(out, node);
        return out.toArray();
    }

    /** The encoding of what a field is compared with. */
    static byte[] of(Operand operand) {
        IndexBytes out = new IndexBytes(FIELD_BYTES_MAX);
        switch (operand) {
            case Operand.Text(String text) -> writeString(out, text);
            case Operand.Num(var number) -> {
                out.put(NUMBER);
                IndexNumber.write(out, number);
            }
            case Operand.Bool(boolean value) -> out.put(value ? TRUE : FALSE);
        }
        return out.toArray();
    }

    /** What the encodings of all strings that start with a text begin with. */
    static byte[] prefix(String text) {
        IndexBytes out = new IndexBytes(FIELD_BYTES_MAX);
        // A first half of a pair has other bytes when its second half follows.
        boolean open = Character.isHighSurrogate(text.charAt(text.length() - 1));
        out.put(STRING);
        writeText(out, open ? text.substring(0, text.length() - 1) : text);
        return out.toArray();
    }

    /** Below all values of the operand's type. */
    static byte[] typeStart(Operand operand) {
        return new byte[] {(byte) tag(operand)};
    }

    /** Above all values of the operand's type. */
    static byte[] typeEnd(Operand operand) {
        return new byte[] {(byte) (tag(operand) + 1)};
    }

    private static int tag(Operand operand) {
        return switch (operand) {
            case Operand.Text text -> STRING;
            case Operand.Num number -> NUMBER;
            case Operand.Bool bool -> bool.value() ? TRUE : FALSE;
        };
    }

    /** What stands for the values in a unique index: equal for equal values only. */
    static byte[] uniqueKey(List<JsonNode> values) {
        IndexBytes out = new IndexBytes(Integer.MAX_VALUE);
        values.forEach(value -> write(out, value));
        byte[] whole = out.toArray();
        return whole.length <= PLAIN_KEY_BYTES_MAX
                ? whole
                : IndexBytes.concat(new byte[] {(byte) AFTER}, sha256(whole));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void write(IndexBytes out, JsonNode node) {
        switch (node.getNodeType()) {
            case MISSING -> out.put(MISSING);
            case NULL -> out.put(NULL);
            case BOOLEAN -> out.put(node.booleanValue() ? TRUE : FALSE);
            case NUMBER -> {
                out.put(NUMBER);
                IndexNumber.write(out, node);
            }
            case STRING, BINARY, POJO -> writeString(out, node.asString());
            case ARRAY -> writeArray(out, node);
            case OBJECT -> {
                if (IndexNumber.is(node)) {
                    out.put(NUMBER);
                    IndexNumber.write(out, node);
                } else {
                    writeObject(out, node);
                }
            }
        }
    }

    private static void writeArray(IndexBytes out, JsonNode array) {
        out.put(ARRAY);
        for (int i = 0; i < array.size() && !out.isCut(); i++) {
            write(out, array.path(i));
        }
        out.put(END);
    }

    private static void writeObject(IndexBytes out, JsonNode object) {
        List<Map.Entry<byte[], JsonNode>> members = new ArrayList<>(object.size());
        object.properties().forEach(member -> {
            // Names are compared whole: two that are alike at first must not change places.
            IndexBytes name = new IndexBytes(Integer.MAX_VALUE);
            writeString(name, member.getKey());
            members.add(Map.entry(name.toArray(), member.getValue()));
        });
        members.sort((a, b) -> Arrays.compareUnsigned(a.getKey(), b.getKey()));
        out.put(OBJECT);
        for (Map.Entry<byte[], JsonNode> member : members) {
            for (byte part : member.getKey()) {
                out.put(part);
            }
            write(out, member.getValue());
            if (out.isCut()) {
                return;
            }
        }
        out.put(END);
    }

    private static void writeString(IndexBytes out, String text) {
        out.put(STRING);
        writeText(out, text);
        out.put(END);
    }

    /** UTF-8, in which code points sort as numbers; a lone surrogate is written as if it were one. */
    private static void writeText(IndexBytes out, String text) {
        for (int i = 0; i < text.length() && !out.isCut(); i++) {
            int point = text.codePointAt(i);
            if (point >= 0x10000) {
                i++;
                out.put(0xf0 | (point >> 18));
                out.put(0x80 | ((point >> 12) & 0x3f));
                out.put(0x80 | ((point >> 6) & 0x3f));
                out.put(0x80 | (point & 0x3f));
            } else if (point >= 0x800) {
                out.put(0xe0 | (point >> 12));
                out.put(0x80 | ((point >> 6) & 0x3f));
                out.put(0x80 | (point & 0x3f));
            } else if (point >= 0x80) {
                out.put(0xc0 | (point >> 6));
                out.put(0x80 | (point & 0x3f));
            } else if (point > 0) {
                out.put(point);
            } else {
                out.put(END);
                out.put(ESCAPED);
            }
        }
    }
}
