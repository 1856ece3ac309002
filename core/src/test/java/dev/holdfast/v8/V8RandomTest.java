package dev.holdfast.v8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values that nobody thought of. */
class V8RandomTest {
    private static final int TREES = 2_000;
    private static final int CASES = 20_000;
    private static final List<String> WORDS = List.of(
            "", "a", "__type", "value", "constructor", "0", "é", "漢", "\ud83d\ude00", "\ud83d", "\u0000", "a\"\\");

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void jsonComesBackAsItWas() {
        for (int i = 0; i < TREES; i++) {
            JsonNode tree = tree(5);

            JsonNode back = V8Json.decode(V8Json.encode(tree));

            assertThat(Json.text(back)).as(seed()).isEqualTo(Json.text(tree));
        }
    }

    @Test
    void anyBytesBecomeAValueOrAreRefused() {
        List<byte[]> good = new ArrayList<>();
        V8Samples.GOOD.forEach(hex -> good.add(V8Samples.v8(hex)));
        for (int i = 0; i < 50; i++) {
            good.add(V8Json.encode(tree(3)));
        }
        int values = 0;

        for (int i = 0; i < CASES; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? noise() : damaged(good);
            if (isValue(bytes)) {
                values++;
            }
        }

        assertThat(values).as(seed()).isBetween(CASES / 50, CASES - CASES / 50);
    }

    /** Whether bytes have a JSON form; fails when they do something else than to have one or to be refused. */
    private boolean isValue(byte[] bytes) {
        try {
            JsonNode json = V8Json.decode(bytes);
            // A hole counts as one byte and is written in five.
            assertThat(Json.bytes(json)).as(seed()).hasSizeLessThan(5 * (16 * bytes.length + (64 << 10)));
            assertThat(V8Number.read(bytes)).as(seed()).isNotNull();
            return true;
        } catch (InvalidInputException e) {
            assertThat(e.code()).as(seed()).startsWith("v8.");
            return false;
        }
    }

    private byte[] noise() {
        byte[] bytes = new byte[2 + random.nextInt(60)];
        random.nextBytes(bytes);
        String tags = "_0TFIUNZ\"cS^o{a@A$DyxnzsR;:',B~V\\r-";
        for (int i = 2; i < bytes.length; i++) {
            if (random.nextBoolean()) {
                int tag = tags.charAt(random.nextInt(tags.length()));
                bytes[i] = (byte) (random.nextBoolean() ? tag : random.nextInt(4));
            }
        }
        bytes[0] = (byte) 0xff;
        bytes[1] = (byte) (13 + random.nextInt(4));
        return bytes;
    }

    private byte[] damaged(List<byte[]> good) {
        byte[] bytes = good.get(random.nextInt(good.size())).clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes = switch (random.nextInt(4)) {
                case 0 -> changed(bytes);
                case 1 -> without(bytes);
                case 2 -> with(bytes, good.get(random.nextInt(good.size())));
                default -> with(bytes, new byte[] {(byte) random.nextInt()});
            };
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        if (bytes.length > 0) {
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) (random.nextBoolean() ? bytes[at] ^ (1 << random.nextInt(8)) : random.nextInt());
        }
        return bytes;
    }

    private byte[] without(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(8));
        byte[] shorter = new byte[bytes.length - (to - from)];
        System.arraycopy(bytes, 0, shorter, 0, from);
        System.arraycopy(bytes, to, shorter, from, bytes.length - to);
        return shorter;
    }

    /** With a part of other bytes within. */
    private byte[] with(byte[] bytes, byte[] others) {
        int from = others.length == 0 ? 0 : random.nextInt(others.length);
        int at = random.nextInt(bytes.length + 1);
        int length = others.length - from;
        byte[] longer = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(others, from, longer, at, length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
    }

    private JsonNode tree(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt() >> random.nextInt(32));
            case 3 -> JsNumber.node(finite());
            case 4 -> BigIntegerTag.node(new BigInteger(random.nextInt(200), random).subtract(BigInteger.TEN));
            case 5, 6 -> nodes.stringNode(text());
            case 7, 8 -> {
                ObjectNode object = nodes.objectNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.set(text(), tree(depth - 1));
                }
                yield object;
            }
            default -> {
                ArrayNode array = nodes.arrayNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    array.add(tree(depth - 1));
                }
                yield array;
            }
        };
    }

    private double finite() {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : (double) random.nextLong();
    }

    private String text() {
        String word = WORDS.get(random.nextInt(WORDS.size()));
        return random.nextBoolean() ? word : word + WORDS.get(random.nextInt(WORDS.size()));
    }

    private String seed() {
        return "-Dholdfast.seed=" + seed;
    }
}
