package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The public API is a file: whoever changes the one shows it in the other. */
class ApiListingTest {
    private static final Path LISTING = Checkout.root().resolve("docs/reference/api.txt");
    private static final String REGENERATE =
            "mvn -B -ntp -q -pl core test -Dtest=ApiListingTest -Dholdfast.regenerate=true";

    @Test
    void theListingIsThatOfTheCompiledLibrary() throws IOException, URISyntaxException {
        Path classes = Path.of(
                Json.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String actual = String.join("\n", ApiListing.ofModule(classes)).strip() + "\n";

        if (Boolean.getBoolean("holdfast.regenerate")) {
            Files.createDirectories(LISTING.getParent());
            Files.writeString(LISTING, actual);
        }

        String listed = Files.exists(LISTING) ? Files.readString(LISTING).replace("\r\n", "\n") : "";
        assertThat(listed)
                .as("docs/reference/api.txt; if the change of the API is meant, run: %s", REGENERATE)
                .isEqualTo(actual);
    }

    @Test
    void listsPublicAndProtectedMembersSorted() {
        assertThat(lines(ApiSamples.Sample.class)).isEqualTo("""
                        abstract class ApiSamples.Sample<T extends Comparable<T>> implements AutoCloseable
                          Sample(int)
                          final <E extends Exception> int map(Function<? super T, E>, List<String>...) throws E
                          protected abstract void reset()
                          static final int LIMIT
                          void close()
                        """);
    }

    @Test
    void listsRecordsEnumsAndSealedInterfaces() {
        assertThat(lines(ApiSamples.Point.class)).isEqualTo("""
                        record ApiSamples.Point (int x, List<String> names) implements ApiSamples.Shape
                          List<String> names()
                          Point(int, List<String>)
                          int x()
                        """);
        assertThat(lines(ApiSamples.Size.class)).isEqualTo("""
                        enum ApiSamples.Size
                          BIG
                          SMALL
                        """);
        assertThat(lines(ApiSamples.Shape.class)).isEqualTo("""
                        sealed interface ApiSamples.Shape
                          default boolean isFlat()
                          static ApiSamples.Shape none()
                        """);
    }

    @Test
    void listsWhatAHiddenSuperclassLends() {
        assertThat(lines(ApiSamples.Lent.class)).contains("  int lentSize()\n");
    }

    @Test
    void leavesOutWhatNobodyCanName() {
        assertThat(ApiListing.of(ApiSamples.Hidden.class)).isEmpty();
        assertThat(ApiListing.of(ApiSamples.Hidden.Nested.class)).isEmpty();
    }

    private static String lines(Class<?> type) {
        return ApiListing.of(type).stream()
                .filter(line -> !line.isEmpty())
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
