package dev.holdfast.filter;

import static dev.holdfast.filter.Filter.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Scans test every document they read: what a test promises not to allocate, it does not. */
class PredicateCostTest {
    private static final List<JsonNode> DOCUMENTS = IntStream.range(0, 1_000)
            .mapToObj(i -> Json.parse("{\"name\":\"name " + i + "\",\"age\":" + i + ",\"big\":" + (1L << 40)
                    + ",\"profile\":{\"tags\":[\"x\",\"y\"],\"active\":true}}"))
            .toList();

    static Stream<Filter> cheapFilters() {
        return Stream.of(
                where("age").gt(500),
                where("big").gt(5_000_000_000L),
                where("name").gte("name 5"),
                where("profile.tags[#-1]").eq("y"),
                where("profile.active").eq(true),
                where("name").in("name 1", "name 2", "name 3"),
                where("age").in(1, 2, 3, 999),
                where("name").contains("99").or(where("name").endsWith("7")),
                where("name").startsWithIgnoreCase("NAME 1"),
                where("profile.none")
                        .isNull()
                        .and(where("profile.tags").isEmpty().not()));
    }

    @ParameterizedTest
    @MethodSource("cheapFilters")
    void testingAllocatesNothing(Filter filter) throws JMException {
        Predicate<JsonNode> predicate = filter.predicate();
        int expected = matches(predicate); // also loads what is loaded once

        long before = allocated();
        int matches = 0;
        for (int i = 0; i < 20; i++) {
            matches += matches(predicate);
        }
        long bytes = allocated() - before;

        assertThat(matches).isEqualTo(20 * expected).isPositive();
        assertThat(bytes).as("bytes for 20,000 documents").isLessThan(20_000);
    }

    private static int matches(Predicate<JsonNode> predicate) {
        int matches = 0;
        for (int i = 0; i < DOCUMENTS.size(); i++) {
            if (predicate.test(DOCUMENTS.get(i))) {
                matches++;
            }
        }
        return matches;
    }

    /** Bytes that this thread has allocated so far; asking takes some hundreds itself. */
    private static long allocated() throws JMException {
        return (long) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                        "getThreadAllocatedBytes",
                        new Object[] {Thread.currentThread().threadId()},
                        new String[] {"long"});
    }
}
