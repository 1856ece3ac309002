package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What namespaces promise: a name is a number for ever, none is made by reading, and no name is dangerous. */
public abstract class NamespaceContract extends Contract {
    private final VirtualTime time = new VirtualTime();
    private Store store;
    private Database database;

    /** The suite over the stores of one engine. */
    protected NamespaceContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh(time);
        database = store.database();
    }

    @Test
    void theDefaultNamespaceIsThereFromTheStart() {
        assertThat(database.namespaces().list()).containsExactly("default");
        assertThat(readNumber("default")).isEqualTo(1);
    }

    @Test
    void aNameGetsItsNumberWithTheFirstWriteAndKeepsIt() {
        int first = writeNumber("acme");
        int other = writeNumber("other");
        time.advance(java.time.Duration.ofHours(1));

        assertThat(first).isNotEqualTo(other).isGreaterThan(1);
        assertThat(writeNumber("acme")).isEqualTo(first);
        assertThat(readNumber("acme")).isEqualTo(first);
        assertThat(database.namespaces().list()).containsExactly("acme", "default", "other");
    }

    @Test
    void readingANameThatNobodyHasWrittenToMakesNothing() {
        assertThat(readNumber("ghost")).isZero();

        assertThat(database.namespaces().list()).containsExactly("default");
    }

    @Test
    void aNameIsThereForReadersAsSoonAsItsFirstWriteReturns() {
        int before = readNumber("late");
        int made = writeNumber("late");

        assertThat(before).isZero();
        assertThat(readNumber("late")).isEqualTo(made);
    }

    @Test
    void manyWhoUseANewNameAtOnceGetOneNumber() {
        try (Callers callers = new Callers()) {
            List<CompletableFuture<Integer>> all = IntStream.range(0, 20)
                    .mapToObj(i -> callers.start(() -> writeNumber("rush" + i % 2)))
                    .toList();

            List<Integer> numbers = all.stream()
                    .map(future -> Callers.outcome(future).value())
                    .distinct()
                    .toList();

            assertThat(numbers).hasSize(2).doesNotContain(0, 1);
        }
    }

    @Test
    void aNamespaceWhoseFirstWriteFailedMayExistButItsNumberIsItsOwn() {
        assertThatThrownBy(() -> database.session("failed").write(UnitKind.OPERATION, tx -> {
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        int next = writeNumber("next");
        int failed = writeNumber("failed");

        assertThat(next).isNotEqualTo(failed);
    }

    @Test
    void namesThatDifferInCaseOrAccentAreDifferent() {
        List<Integer> numbers = new ArrayList<>();
        for (String name : List.of("a", "A", "ä", "a ", " a", "a'b", "a\"b", "a;b", "\uD83D\uDE00", "%", "_", "\\")) {
            numbers.add(writeNumber(name));
        }

        assertThat(numbers).doesNotHaveDuplicates();
        assertThat(database.namespaces().list()).hasSize(13).isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/", "a\u0000b", "\n", "tab\there", "\u0001" + "7", "\u007f"})
    void namesWithControlCharactersOrSlashesAreRefused(String name) {
        assertThatThrownBy(() -> database.session(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("namespace.name")
                .hasMessageContaining("length=" + name.length());
    }

    @Test
    void aNameHasAtMost128Characters() {
        assertThat(writeNumber("x".repeat(128))).isGreaterThan(1);
        assertThat(writeNumber("\uD83D\uDE00".repeat(128))).isGreaterThan(1);
        assertThatThrownBy(() -> database.session("x".repeat(129))).hasMessageContaining("length=129");
    }

    private int writeNumber(String name) {
        return database.session(name).write(UnitKind.OPERATION, Tx::ns);
    }

    private int readNumber(String name) {
        return database.session(name).read(Tx::ns);
    }
}
