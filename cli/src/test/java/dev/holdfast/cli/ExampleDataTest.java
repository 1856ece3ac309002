package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleDataTest {
    private static final KeyPrefix REGIONS = KeyPrefix.of("regions");

    @TempDir
    Path folder;

    @Test
    void aFileWithALineThatIsNoneChangesNothing() throws IOException {
        List<String> regions = regions();
        Path broken = Files.write(
                folder.resolve("broken"),
                Stream.concat(regions.stream().limit(700), Stream.of("{")).toList());
        Path foreign = Files.write(
                folder.resolve("foreign"),
                Stream.concat(regions.stream().limit(700), Stream.of("{\"id\":1}"))
                        .toList());
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            assertThatThrownBy(() -> new ExampleData(broken).load(holdfast))
                    .hasMessageStartingWith("json.malformed: line 701 is not valid JSON");
            assertThatThrownBy(() -> new ExampleData(foreign).load(holdfast))
                    .hasMessageStartingWith("cli.example: line 701 is no region");

            assertThat(holdfast.kv().count(REGIONS)).isZero();
            assertThat(holdfast.kv().search().indexes()).isEmpty();
        }
    }

    @Test
    void aLoadThatWasCutShortIsDoneAgain() throws IOException {
        Path whole = Files.write(folder.resolve("whole"), regions());
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            holdfast.kv().set(Key.of("regions", "CH", "1"), 1);

            new ExampleData(whole).load(holdfast);

            assertThat(holdfast.kv().count(REGIONS)).isEqualTo(1_200);
            assertThat(holdfast.kv().search().find(KvSelection.below("regions"), "n1"))
                    .hasSize(1);
        }
    }

    @Test
    void whatWasLoadedAndChangedSinceIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "{\"country\":\"CH\",\"id\":\"1\",\"name\":\"n\"}\n");
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            new ExampleData(file).load(holdfast);
            holdfast.kv().deleteExact(Key.of("regions", "CH", "1"));

            new ExampleData(file).load(holdfast);

            assertThat(holdfast.kv().count(REGIONS)).isZero();
        }
    }

    private static List<String> regions() {
        return IntStream.range(0, 1_200)
                .mapToObj(i -> "{\"country\":\"CH\",\"id\":\"" + i + "\",\"name\":\"n" + i + "\"}")
                .toList();
    }
}
