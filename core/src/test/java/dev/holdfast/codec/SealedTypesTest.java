package dev.holdfast.codec;

import static dev.holdfast.codec.JsonCodecTest.bytes;
import static dev.holdfast.codec.JsonCodecTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.engine.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class SealedTypesTest {
    sealed interface Shape permits Circle, Polygon, Unit {}

    record Circle(double radius) implements Shape {}

    sealed interface Polygon extends Shape permits Square, Group {}

    record Square(long side) implements Polygon {}

    record Group(List<Shape> members, Optional<Shape> main) implements Polygon {}

    enum Unit implements Shape {
        POINT,
        PLANE {
            @Override
            public String toString() {
                return "everything";
            }
        }
    }

    record Drawing(String name, Shape background, Map<String, Shape> named) {}

    @Test
    void tellsTheCasesApartWithoutAnnotations() {
        Codec<Shape> codec = Codecs.json(Shape.class);
        List<Shape> shapes = List.of(
                new Circle(1.5),
                new Square(Long.MAX_VALUE),
                new Group(List.of(new Square(2), new Group(List.of(), Optional.of(Unit.POINT))), Optional.empty()),
                Unit.PLANE);

        assertThat(json(codec, new Circle(1.5))).isEqualTo("{\"type\":\"Circle\",\"radius\":1.5}");
        assertThat(shapes)
                .allSatisfy(
                        shape -> assertThat(codec.decode(codec.encode(shape))).isEqualTo(shape));
    }

    @Test
    void tellsThemApartInsideOtherTypes() {
        Codec<Drawing> codec = Codecs.json(Drawing.class);
        Codec<List<Shape>> list = Codecs.json(new TypeReference<>() {});
        Drawing drawing = new Drawing("x", new Square(1), Map.of("a", new Circle(2), "b", Unit.POINT));
        List<Shape> shapes = List.of(new Circle(1), new Square(2));

        assertThat(codec.decode(codec.encode(drawing))).isEqualTo(drawing);
        assertThat(list.decode(list.encode(shapes))).isEqualTo(shapes);
    }

    @Test
    void storesACaseAlikeUnderAllItsTypes() {
        Square square = new Square(3);
        String json = "{\"type\":\"Square\",\"side\":3}";

        assertThat(json(Codecs.json(Shape.class), square)).isEqualTo(json);
        assertThat(json(Codecs.json(Polygon.class), square)).isEqualTo(json);
        assertThat(json(Codecs.json(Square.class), square)).isEqualTo(json);
        assertThat(Codecs.json(Polygon.class).decode(bytes(json))).isEqualTo(square);
        assertThat(Codecs.json(Square.class).decode(bytes(json))).isEqualTo(square);
        assertThat(Codecs.json(Square.class).decode(bytes("{\"side\":3}"))).isEqualTo(square);
    }

    @Test
    void findsTheMemberWhereverItStands() {
        assertThat(Codecs.json(Shape.class).decode(bytes("{\"side\":3,\"type\":\"Square\"}")))
                .isEqualTo(new Square(3));
    }

    @Test
    void refusesUnknownMissingAndForeignCases() {
        for (String json : List.of(
                "{\"type\":\"Hexagon\",\"side\":3}",
                "{\"side\":3}",
                "{\"type\":7}",
                "5",
                "\"Circle\"",
                "[\"Unit\",\"X\"]")) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> Codecs.json(Shape.class).decode(bytes(json)))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("codec.mismatch"))
                    .withMessageContaining("SealedTypesTest$Shape (path=$");
        }
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Codecs.json(Polygon.class).decode(bytes("{\"type\":\"Circle\",\"radius\":1}")))
                .withMessageContaining("Polygon");
    }

    sealed interface Result<T> permits Ok, Failed {}

    record Ok<T>(T value) implements Result<T> {}

    record Failed<T>(String reason) implements Result<T> {}

    @Test
    void keepsTypeArguments() {
        Codec<Result<List<Circle>>> codec = Codecs.json(new TypeReference<>() {});
        Result<List<Circle>> ok = new Ok<>(List.of(new Circle(1)));
        Result<List<Circle>> failed = new Failed<>("no");

        assertThat(codec.decode(codec.encode(ok))).isEqualTo(ok);
        assertThat(codec.decode(codec.encode(failed))).isEqualTo(failed);
    }

    abstract static sealed class Animal permits Cat {
        public String name = "";
    }

    static sealed class Cat extends Animal permits Kitten {
        public int lives;
    }

    static final class Kitten extends Cat {}

    @Test
    void takesSealedClassesToo() {
        Cat cat = new Cat();
        cat.name = "Tom";
        cat.lives = 9;

        Animal back = Codecs.json(Animal.class).decode(Codecs.json(Animal.class).encode(cat));

        assertThat(back).isExactlyInstanceOf(Cat.class);
        assertThat(back).usingRecursiveComparison().isEqualTo(cat);
        assertThat(Codecs.json(Animal.class).decode(bytes("{\"type\":\"Kitten\",\"lives\":9}")))
                .isExactlyInstanceOf(Kitten.class);
    }

    sealed interface Id permits UserId, OrderId {}

    record UserId(@JsonValue String value) implements Id {}

    record OrderId(@JsonValue long value) implements Id {}

    @Test
    void wrapsCasesThatAreNoObjects() {
        Codec<List<Id>> codec = Codecs.json(new TypeReference<>() {});
        List<Id> ids = List.of(new UserId("ann"), new OrderId(5));

        assertThat(json(codec, ids)).isEqualTo("[[\"UserId\",\"ann\"],[\"OrderId\",5]]");
        assertThat(codec.decode(codec.encode(ids))).isEqualTo(ids);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Annotated permits First {}

    @JsonTypeName("1st")
    record First(String type) implements Annotated {}

    sealed interface Named permits Second {}

    @JsonTypeName("2nd")
    record Second(int n) implements Named {}

    @Test
    void heedsAnnotations() {
        Annotated value = new First("x");

        assertThat(json(Codecs.json(Annotated.class), value)).isEqualTo("{\"kind\":\"1st\",\"type\":\"x\"}");
        assertThat(Codecs.json(Annotated.class).decode(bytes("{\"kind\":\"1st\",\"type\":\"x\"}")))
                .isEqualTo(value);
        assertThat(json(Codecs.json(Named.class), new Second(1))).isEqualTo("{\"type\":\"2nd\",\"n\":1}");
        assertThat(Codecs.json(Named.class).decode(bytes("{\"type\":\"2nd\",\"n\":1}")))
                .isEqualTo(new Second(1));
    }

    sealed interface Clash permits Typed {}

    record Typed(String type) implements Clash {}

    sealed interface Twins permits A.Twin, B.Twin {}

    static final class A {
        record Twin(int n) implements Twins {}
    }

    static final class B {
        record Twin(int n) implements Twins {}
    }

    sealed interface Ajar permits Half, Open {}

    abstract static non-sealed class Half implements Ajar {}

    static non-sealed class Open implements Ajar {
        public int n;
    }

    @Test
    void refusesTypesWhoseCasesItCouldNotTellApart() {
        unsupported(Clash.class, new Typed("x"), "Typed has a component named \"type\" itself: annotate");
        unsupported(Twins.class, new A.Twin(1), "B$Twin has the simple name of another one: annotate");
        unsupported(Ajar.class, new Open(), "Open is neither sealed nor final: annotate");
    }

    private static <T> void unsupported(Class<T> type, T value, String reason) {
        Codec<T> codec = Codecs.json(type);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> codec.encode(value))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.unsupported"))
                .withMessageContaining(reason);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> codec.decode(bytes("{\"type\":\"Typed\"}")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.unsupported"))
                .withMessageContaining(reason);
    }
}
