package dev.holdfast.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

class JsonCodecTest {
    enum Colour {
        RED {
            @Override
            public String toString() {
                return "the red one";
            }
        },
        BLUE
    }

    record Address(String street, Optional<String> city) {}

    record User(
            String name,
            int age,
            boolean active,
            double score,
            List<Address> addresses,
            Map<String, Long> counts,
            Colour colour,
            Instant since,
            Duration lease,
            LocalDate born,
            UUID id) {}

    record Small(int n, Integer boxed, String text, List<String> list, Optional<String> maybe, OptionalInt number) {}

    record Pair<A, B>(A first, B second) {}

    record Renamed(@JsonProperty("the name") String name) {}

    record Link(String label, Key target) {}

    static final class Point {
        public double x;
        public double y;
    }

    private static final User ANN = new User(
            "Ann",
            42,
            true,
            0.1,
            List.of(new Address("Main", Optional.of("Oslo")), new Address("漢字 \ud83d\ude80 \0", Optional.empty())),
            Map.of("visits", 7L),
            Colour.RED,
            Instant.parse("2026-11-21T15:52:56.035123456Z"),
            Duration.ofNanos(1_500_000_001),
            LocalDate.of(1984, 2, 29),
            UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

    @Test
    void bringsRecordsBack() {
        Codec<User> codec = Codecs.json(User.class);

        byte[] bytes = codec.encode(ANN);

        assertThat(codec.decode(bytes)).isEqualTo(ANN);
        assertThat(codec.encoding()).isEqualTo(Encoding.JSON);
        assertThat(Json.parse(bytes).path("since").stringValue()).isEqualTo("2026-11-21T15:52:56.035123456Z");
        assertThat(Json.parse(bytes).path("lease").stringValue()).isEqualTo("PT1.500000001S");
        assertThat(codec).hasToString("json(dev.holdfast.codec.JsonCodecTest$User)");
    }

    static Stream<Object> simpleValues() {
        return Stream.of(
                "text",
                "",
                "a \ud800 lone surrogate",
                42,
                -1L,
                1.5,
                1.5f,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                -0.0,
                true,
                'x',
                (byte) -5,
                (short) 300,
                new BigDecimal("123456789.123456789123456789"),
                BigInteger.TEN.pow(40),
                Colour.BLUE,
                Instant.EPOCH,
                LocalDate.EPOCH,
                UUID.randomUUID());
    }

    @ParameterizedTest
    @MethodSource("simpleValues")
    @SuppressWarnings("unchecked")
    void bringsSimpleValuesBack(Object value) {
        Codec<Object> codec = (Codec<Object>) Codecs.json(value.getClass());

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void bringsPrimitivesAndArraysBack() {
        assertThat(Codecs.json(int.class).decode(Codecs.json(int.class).encode(5)))
                .isEqualTo(5);
        assertThat(json(Codecs.json(long.class), 5L)).isEqualTo("5");
        assertThat(Codecs.json(int[].class).decode(bytes("[1,2]"))).containsExactly(1, 2);
        assertThat(Codecs.json(byte[].class).decode(bytes("\"AAH/\""))).containsExactly(0, 1, -1);
        assertThat(Codecs.json(String[].class).decode(bytes("[\"a\"]"))).containsExactly("a");
    }

    @Test
    void bringsGenericTypesBack() {
        Codec<Map<String, List<Pair<Integer, Address>>>> codec = Codecs.json(new TypeReference<>() {});
        Map<String, List<Pair<Integer, Address>>> value =
                Map.of("a", List.of(new Pair<>(1, new Address("x", Optional.empty()))), "b", List.of());

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
        assertThat(json(Codecs.json(new TypeReference<Set<Colour>>() {}), Set.of(Colour.RED)))
                .isEqualTo("[\"RED\"]");
    }

    @Test
    void writesRecordsInTheOrderOfTheirComponents() {
        Small value = new Small(1, 2, "x", List.of(), Optional.of("y"), OptionalInt.of(3));

        assertThat(json(Codecs.json(Small.class), value))
                .isEqualTo("{\"n\":1,\"boxed\":2,\"text\":\"x\",\"list\":[],\"maybe\":\"y\",\"number\":3}");
    }

    @Test
    void keepsReadingWhenMembersComeAndGo() {
        Codec<Small> codec = Codecs.json(Small.class);

        Small fromLess = codec.decode(bytes("{\"boxed\":2}"));
        Small fromMore = codec.decode(bytes("{\"n\":1,\"gone\":[1,{}]}"));

        assertThat(fromLess.n()).isZero();
        assertThat(fromLess.maybe()).isEmpty();
        assertThat(fromLess.number()).isEmpty();
        assertThat(fromLess.text()).isNull();
        assertThat(fromMore.n()).isEqualTo(1);
    }

    @Test
    void heedsAnnotationsAndPlainClasses() {
        assertThat(json(Codecs.json(Renamed.class), new Renamed("x"))).isEqualTo("{\"the name\":\"x\"}");
        assertThat(Codecs.json(Point.class).decode(bytes("{\"x\":1,\"y\":2.5}")).y)
                .isEqualTo(2.5);
    }

    @Test
    void holdsKeysInTheirJsonForm() {
        Codec<Link> codec = Codecs.json(Link.class);
        Link link = new Link("owner", Key.of("users", BigInteger.TWO, Double.NaN));

        assertThat(codec.decode(codec.encode(link))).isEqualTo(link);
        assertThat(json(Codecs.json(Key.class), Key.of("users", 42))).isEqualTo("[\"users\",42]");
    }

    @Test
    void readsOptionalsFromNullAndPrintsThemAsNull() {
        Codec<Optional<String>> codec = Codecs.json(new TypeReference<>() {});

        assertThat(json(codec, Optional.empty())).isEqualTo("null");
        assertThat(codec.decode(bytes("null"))).isEmpty();
        assertThat(codec.decode(bytes("\"x\""))).contains("x");
    }

    @Test
    void leavesTreesAsTheyAreWritten() {
        Codec<JsonNode> codec = Codecs.jsonTree();
        String json = "{\"a\":[1.10,9007199254740993,{\"__type\":\"bigint\",\"value\":\"5\"},null,\"\\u0000\"]}";

        assertThat(json(codec, codec.decode(bytes(json)))).isEqualTo(json);
        assertThat(codec.decode(bytes("null")).isNull()).isTrue();
        assertThat(codec.decode(bytes(json))).isEqualTo(Json.parse(json));
    }

    @Test
    void writesTextAsAJsonString() {
        assertThat(json(Codecs.text(), "a\"b")).isEqualTo("\"a\\\"b\"");
        assertThat(Codecs.text().decode(bytes("\"a\\\"b\""))).isEqualTo("a\"b");
    }

    @Test
    void givesUntypedNumbersTheirUsualTypes() {
        Codec<Object> codec = Codecs.json(Object.class);
        String json = "[1,3000000000,9007199254740993,{\"__type\":\"bigint\",\"value\":\"18446744073709551616\"},"
                + "{\"__type\":\"bigint\",\"value\":\"5\"},0.1,1e3,1e400,0.10000000000000000000001]";

        assertThat(codec.decode(bytes(json)))
                .isEqualTo(List.of(
                        1,
                        3_000_000_000L,
                        9_007_199_254_740_993L,
                        BigInteger.TWO.pow(64),
                        5,
                        0.1,
                        1000.0,
                        new BigDecimal("1e400"),
                        new BigDecimal("0.10000000000000000000001")));
    }

    @Test
    void bringsUntypedMapsBack() {
        Codec<Map<String, Object>> codec = Codecs.json(new TypeReference<>() {});
        Map<String, Object> value = Map.of(
                "a",
                Long.MAX_VALUE,
                "b",
                List.of(1, 0.5, -0.0, 1e300, "x", Map.of()),
                "c",
                BigInteger.TWO.pow(70).negate());

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void leavesOtherObjectsThatResembleTheTagAlone() {
        Codec<Object> codec = Codecs.json(Object.class);

        for (String json : List.of(
                "{\"__type\":\"bigint\",\"value\":\"5x\"}",
                "{\"__type\":\"bigint\",\"value\":\"5\",\"more\":true}",
                "{\"__type\":\"date\",\"value\":\"5\"}")) {
            assertThat(codec.decode(bytes(json))).isInstanceOf(Map.class);
            assertThat(json(codec, codec.decode(bytes(json)))).isEqualTo(json);
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNullByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> Codecs.json((Class<String>) null))
                .withMessage("type");
        assertThatNullPointerException()
                .isThrownBy(() -> Codecs.text().encode(null))
                .withMessage("value");
        assertThatNullPointerException()
                .isThrownBy(() -> Codecs.text().decode(null))
                .withMessage("bytes");
    }

    static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }

    static <T> String json(Codec<T> codec, T value) {
        return new String(codec.encode(value), UTF_8);
    }
}
