package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codec.Codecs;
import dev.holdfast.collection.CollectionView;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.filter.Filter;
import dev.holdfast.testkit.Contract;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents as values of a Java type. */
public abstract class CollectionViewContract extends Contract {
    private TestStore store;
    private CollectionView<User> users;

    /** A suite over the stores of one engine. */
    protected CollectionViewContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        users = store.collection("users").as(User.class);
    }

    @Test
    void anOptionalIdIsMadeAndComesBack() {
        CollectionView.Entry<User> entry = users.insert(new User(Optional.empty(), "Ann", 30));

        assertThat(entry.value()).isEqualTo(new User(Optional.of(entry.id()), "Ann", 30));
        assertThat(users.get(entry.id())).contains(entry.value());
        assertThat(users.entry(entry.id())).contains(entry);
    }

    @Test
    void findsAndStreamsTyped() {
        users.insertMany(List.of(user("a", "Ann", 30), user("b", "Bob", 20), user("c", "Cleo", 40)));

        assertThat(users.find(Filter.where("age").gte(30)))
                .extracting(User::name)
                .containsExactly("Ann", "Cleo");
        assertThat(users.find(Map.of("name", "Bob"))).containsExactly(user("b", "Bob", 20));
        assertThat(users.findOne(Filter.where("age").lt(5))).isEmpty();
        assertThat(users.findOne(DocumentQuery.all().sort("-age").fields("id"))).contains(user("c", "Cleo", 40));
        try (var stream = users.stream(DocumentQuery.all().sort("age"))) {
            assertThat(stream.map(CollectionView.Entry::id)).containsExactly("b", "a", "c");
        }
    }

    @Test
    void updatesThroughAFunction() {
        users.insert(user("a", "Ann", 30));

        Optional<CollectionView.Entry<User>> older =
                users.update("a", user -> new User(user.id(), user.name(), user.age() + 1));

        assertThat(older.orElseThrow().value().age()).isEqualTo(31);
        assertThat(users.get("a").orElseThrow().age()).isEqualTo(31);
        assertThat(users.update("b", user -> user)).isEmpty();
        assertThat(users.upsert(user("a", "Anna", 1)).value().name()).isEqualTo("Anna");
    }

    @Test
    void aTypeWithoutAnIdHasOneAllTheSame() {
        CollectionView<Plain> plain = store.collection("plain").as(Plain.class);

        CollectionView.Entry<Plain> entry = plain.insert(new Plain(BigInteger.TWO.pow(80)));

        assertThat(plain.get(entry.id())).contains(new Plain(BigInteger.TWO.pow(80)));
        assertThat(plain.find(Filter.where("big").gt(BigInteger.TWO.pow(79)))).hasSize(1);
        assertThat(plain.untyped()
                        .get(entry.id())
                        .orElseThrow()
                        .json()
                        .path("id")
                        .stringValue())
                .isEqualTo(entry.id());
    }

    @Test
    void keepsTheKindOfASealedType() {
        CollectionView<Shape> shapes = store.collection("shapes").as(Shape.class);

        String id = shapes.insert(new Square(3)).id();

        assertThat(shapes.get(id)).contains(new Square(3));
        assertThat(shapes.find(Map.of("type", "Square"))).containsExactly(new Square(3));
    }

    @Test
    void saysWhatDoesNotFit() {
        store.collection("users").insert(Map.of("id", "a", "age", "old"));

        assertThatThrownBy(() -> users.get("a")).hasMessageStartingWith("codec.mismatch");
        assertThatThrownBy(() -> store.collection("users").as(Codecs.bytes()).insert(new byte[1]))
                .hasMessageStartingWith("collection.codec");
        assertThatThrownBy(() -> store.collection("users").as(String.class).insert("x"))
                .hasMessageStartingWith("collection.not_an_object");
    }

    private static User user(String id, String name, int age) {
        return new User(Optional.of(id), name, age);
    }

    record User(Optional<String> id, String name, int age) {}

    record Plain(BigInteger big) {}

    sealed interface Shape permits Square, Circle {}

    record Square(int side) implements Shape {}

    record Circle(int radius) implements Shape {}
}
