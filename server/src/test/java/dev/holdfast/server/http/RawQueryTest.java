package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RawQueryTest {
    @Test
    void findsTheFirstValueOfAName() {
        assertThat(RawQuery.first("a=1&b=2&a=3", "a")).isEqualTo("1");
        assertThat(RawQuery.first("a=1&b=2&a=3", "b")).isEqualTo("2");
        assertThat(RawQuery.first("aa=1&ab=2", "a")).isNull();
        assertThat(RawQuery.first(null, "a")).isNull();
        assertThat(RawQuery.first("", "a")).isNull();
    }

    @Test
    void leavesValuesAsTheyWereSent() {
        assertThat(RawQuery.first("keys=a%2Cb,c%20d", "keys")).isEqualTo("a%2Cb,c%20d");
        assertThat(RawQuery.first("a=b=c", "a")).isEqualTo("b=c");
        assertThat(RawQuery.first("a", "a")).isEmpty();
        assertThat(RawQuery.first("a=", "a")).isEmpty();
    }

    @Test
    void findsEscapedNames() {
        assertThat(RawQuery.first("%24sort=x", "$sort")).isEqualTo("x");
        assertThat(RawQuery.first("my+name=x", "my name")).isEqualTo("x");
        assertThat(RawQuery.first("$sort=x", "$sort")).isEqualTo("x");
    }

    @Test
    void aBrokenNameDisturbsNobodyBeforeIt() {
        assertThat(RawQuery.first("a=1&%zz=2", "a")).isEqualTo("1");
    }

    @Test
    void listsAllValuesInOrder() {
        assertThat(RawQuery.all("a=1&b=2&a=&a", "a")).containsExactly("1", "", "");
        assertThat(RawQuery.all("b=2", "a")).isEmpty();
        assertThat(RawQuery.all(null, "a")).isEmpty();
    }

    @Test
    void listsEachNameOnceInTheOrderOfUse() {
        assertThat(RawQuery.names("b=1&a=2&&%62=3&c")).containsExactly("b", "a", "c");
        assertThat(RawQuery.names(null)).isEmpty();
    }

    @Test
    void findsWhatAPlainModelFinds() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> pieces = List.of("a", "b", "ab", "=", "=", "&", "&", "%61", "+", "1", "%2B");
        for (int i = 0; i < 5_000; i++) {
            String query = random.ints(random.nextInt(12), 0, pieces.size())
                    .mapToObj(pieces::get)
                    .reduce("", String::concat);
            for (String name : List.of("a", "b", "ab", "a b", "1")) {
                List<String> values = model(query, name);

                assertThat(RawQuery.all(query, name))
                        .as("seed %d, %s in %s", seed, name, query)
                        .isEqualTo(values);
                assertThat(RawQuery.first(query, name))
                        .as("seed %d, %s in %s", seed, name, query)
                        .isEqualTo(values.isEmpty() ? null : values.get(0));
            }
        }
    }

    private static List<String> model(String query, String name) {
        List<String> values = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            int equal = pair.indexOf('=');
            String key = equal < 0 ? pair : pair.substring(0, equal);
            if (!key.isEmpty() && URLDecoder.decode(key, StandardCharsets.UTF_8).equals(name)) {
                values.add(equal < 0 ? "" : pair.substring(equal + 1));
            }
        }
        return values;
    }
}
