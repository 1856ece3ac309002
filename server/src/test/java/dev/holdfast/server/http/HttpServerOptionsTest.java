package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerOptionsTest {
    private final HttpServerOptions defaults = HttpServerOptions.defaults();

    @Test
    void defaultsAreSafe() {
        assertThat(defaults.host()).isEqualTo("127.0.0.1");
        assertThat(defaults.port()).isEqualTo(4437);
        assertThat(defaults.tls()).isEmpty();
        assertThat(defaults.corsOrigins()).isEmpty();
        assertThat(defaults.stopTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(defaults.limits()).isEqualTo(new HttpLimits(16 << 20, 32 << 10, 32 << 10, 20_000, 256, 1 << 20, 0));
    }

    @Test
    void eachWitherChangesOneThing() {
        Tls tls = new Tls.Keystore(Path.of("k.p12"), "secret");
        HttpLimits limits = HttpLimits.defaults()
                .withBodyBytes(1)
                .withHeaderBytes(2048)
                .withUrlBytes(1024)
                .withConnections(3)
                .withJsonDepth(4)
                .withStreamBytes(5000)
                .withRequestsPerSecond(6);
        HttpServerOptions all = defaults.withHost("h")
                .withPort(1)
                .withTls(tls)
                .withLimits(limits)
                .withCorsOrigins(List.of("https://a.example"))
                .withStopTimeout(Duration.ofSeconds(2))
                .withIdleTimeout(Duration.ofSeconds(3))
                .withPingInterval(Duration.ofSeconds(4))
                .withPublicUrl(URI.create("https://b.example"));

        assertThat(all)
                .isEqualTo(new HttpServerOptions(
                        "h",
                        1,
                        java.util.Optional.of(tls),
                        new HttpLimits(1, 1024, 2048, 3, 4, 5000, 6),
                        List.of("https://a.example"),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        java.util.Optional.of(URI.create("https://b.example"))));
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        refused("host", () -> defaults.withHost(" "));
        refused("port", () -> defaults.withPort(65_536));
        refused("port", () -> defaults.withPort(-1));
        refused("stopTimeout", () -> defaults.withStopTimeout(Duration.ofSeconds(-1)));
        refused("idleTimeout", () -> defaults.withIdleTimeout(Duration.ZERO));
        refused("pingInterval", () -> defaults.withPingInterval(Duration.ofMillis(1)));
        refused("publicUrl", () -> defaults.withPublicUrl(URI.create("ftp://x")));
        refused("publicUrl", () -> defaults.withPublicUrl(URI.create("http:///x")));
        refused("bodyBytes", () -> HttpLimits.defaults().withBodyBytes(0));
        refused("headerBytes", () -> HttpLimits.defaults().withHeaderBytes(100));
        refused("urlBytes", () -> HttpLimits.defaults().withUrlBytes(1000));
        refused("urlBytes", () -> HttpLimits.defaults().withUrlBytes(32 * 1024 + 1));
        refused("connections", () -> HttpLimits.defaults().withConnections(0));
        refused("jsonDepth", () -> HttpLimits.defaults().withJsonDepth(257));
        refused("streamBytes", () -> HttpLimits.defaults().withStreamBytes(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example",
                "http://localhost:5173",
                "https://[::1]:8443",
                "http://127.0.0.1",
                "capacitor://localhost",
                "chrome-extension://abcdef",
                "*",
            })
    void anOriginIsWhatBrowsersSend(String origin) {
        assertThat(defaults.withCorsOrigins(List.of(origin)).corsOrigins()).containsExactly(origin);
    }

    @Test
    void originsAreKeptAsBrowsersWriteThem() {
        assertThat(defaults.withCorsOrigins(
                                List.of("HTTPS://App.Example:443", "http://a.example:80", "https://b.example:4430"))
                        .corsOrigins())
                .containsExactly("https://app.example", "http://a.example", "https://b.example:4430");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "foo",
                "null",
                "app.example",
                "//app.example",
                "https://",
                "https://app.example/",
                "https://app.example/path",
                "https://app.example?q",
                "https://app.example:",
                "https://app.example:x",
                "https://user@app.example",
                "https://*.example",
                "https://a.example,https://b.example",
                "https://a.example https://b.example",
                "**",
            })
    void whatIsNoOriginIsRefused(String origin) {
        assertThatThrownBy(() -> defaults.withCorsOrigins(List.of(origin)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("http.origin_invalid: ")
                .hasMessageEndingWith("(origin=" + origin + ")");
    }

    @Test
    void allOriginsAndOneMoreIsRefused() {
        assertThatThrownBy(() -> defaults.withCorsOrigins(List.of("*", "https://app.example")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the origin * stands for all and is alone");
    }

    private static void refused(String name, Supplier<Object> made) {
        assertThatThrownBy(made::get).isInstanceOf(InvalidInputException.class).hasMessageContaining(name + "=");
    }

    @Test
    void neverPrintsThePassword() {
        HttpServerOptions options = defaults.withTls(new Tls.Keystore(Path.of("k.p12"), "hunter2"));

        assertThat(options.toString()).contains("k.p12").doesNotContain("hunter2");
    }
}
