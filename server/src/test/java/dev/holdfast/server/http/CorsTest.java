package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;

class CorsTest {
    private static HttpFields.Mutable headers() {
        return HttpFields.build();
    }

    @Test
    void closedRulesAddNothing() {
        HttpFields.Mutable headers = headers();

        assertThat(new CorsPolicy(Cors.of(List.of())).apply("https://a.example", headers))
                .isFalse();
        assertThat(headers.size()).isZero();
    }

    @Test
    void onlyTheExactOriginMayRead() {
        CorsPolicy policy = new CorsPolicy(Cors.of(List.of("https://a.example")));

        for (String origin : List.of(
                "https://a.example.evil",
                "http://a.example",
                "https://a.example:444",
                "HTTPS://a.example",
                "null",
                "")) {
            HttpFields.Mutable headers = headers();
            assertThat(policy.apply(origin, headers)).as(origin).isFalse();
            assertThat(headers.get("Access-Control-Allow-Origin")).isNull();
            assertThat(headers.get("Vary")).isEqualTo("Origin");
        }
        assertThat(policy.apply("https://a.example", headers())).isTrue();
    }

    @Test
    void anyOriginNeedsNoVary() {
        HttpFields.Mutable headers = headers();

        assertThat(new CorsPolicy(Cors.of(List.of("*"))).apply(null, headers)).isTrue();
        assertThat(headers.get("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(headers.get("Vary")).isNull();
    }

    @Test
    void aPreflightEchoesTheHeadersAskedForUnlessTheyAreFixed() {
        HttpFields.Mutable echoed = headers();
        HttpFields.Mutable fixed = headers();
        Cors strict = new Cors(
                List.of("https://a.example"),
                List.of("GET"),
                List.of("if-match"),
                List.of(),
                false,
                Duration.ofSeconds(5));

        new CorsPolicy(Cors.of(List.of("*"))).applyPreflight("x-one,x-two", echoed);
        new CorsPolicy(strict).applyPreflight("x-one,x-two", fixed);

        assertThat(echoed.get("Access-Control-Allow-Headers")).isEqualTo("x-one,x-two");
        assertThat(fixed.get("Access-Control-Allow-Headers")).isEqualTo("if-match");
        assertThat(fixed.get("Access-Control-Allow-Methods")).isEqualTo("GET");
        assertThat(fixed.get("Access-Control-Max-Age")).isEqualTo("5");
    }

    @Test
    void contradictionsAreRefused() {
        Duration age = Duration.ofSeconds(1);

        assertThatThrownBy(() -> Cors.of(List.of("*", "https://a.example"))).hasMessageContaining("alone");
        assertThatThrownBy(() -> new Cors(List.of("https://a"), List.of(), List.of(), List.of(), true, age))
                .hasMessageContaining("every answer");
    }
}
