package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

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
}
