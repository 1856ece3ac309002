package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.TimeSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {
    @ParameterizedTest
    @CsvSource({
        "postgres://host/db, jdbc:postgresql://host/db",
        "postgresql://host:5433/db, jdbc:postgresql://host:5433/db",
        "'postgres://a:1,b:2/db', 'jdbc:postgresql://a:1,b:2/db'",
        "postgres://[::1]:5432/db, jdbc:postgresql://[::1]:5432/db",
        "postgres:///db, jdbc:postgresql://localhost/db",
        "postgres://host, jdbc:postgresql://host/",
        "postgres://host/my%20db, jdbc:postgresql://host/my+db",
        "jdbc:postgresql:db, jdbc:postgresql:db",
        "POSTGRES://host/db, jdbc:postgresql://host/db",
        "PostgreSQL://host/Db, jdbc:postgresql://host/Db",
        "JDBC:PostgreSQL://host/db, jdbc:postgresql://host/db",
    })
    void namesTheSamePlaceForTheDriver(String text, String jdbc) {
        assertThat(PostgresUrl.parse(text).jdbc()).isEqualTo(jdbc);
    }

    @Test
    void takesTheLoginOutOfTheAddress() {
        PostgresUrl url = PostgresUrl.parse("postgres://an%40n:p+a%2Fs%3As@host/db");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://host/db");
        assertThat(url.properties()).isEqualTo(Map.of("user", "an@n", "password", "p+a/s:s"));
        assertThat(url).hasToString("PostgresUrl");
    }

    @Test
    void translatesTheParametersThatTheDriverNamesDifferently() {
        PostgresUrl url = PostgresUrl.parse("postgres://host/db?sslmode=require&application_name=my%20app"
                + "&connect_timeout=3&target_session_attrs=read-write&");

        assertThat(url.properties())
                .isEqualTo(Map.of(
                        "sslmode", "require",
                        "ApplicationName", "my app",
                        "connectTimeout", "3",
                        "targetServerType", "primary"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.db",
                "http://host/db",
                "postgres:host",
                "postgres://ann:secret%zz@host/db",
                "mysql://h/d",
                "postgress://u:secret@host/db",
                "postgres:u:secret@host/db",
                "jdbc:mysql:secret"
            })
    void refusesOthersWithoutRepeatingThem(String text) {
        assertThatThrownBy(() -> PostgresUrl.parse(text))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("postgres.url"))
                .hasMessageNotContaining("secret");
    }

    @Test
    void knowsItsOwn() {
        assertThat(PostgresEngine.isUrl("postgres://h/d")).isTrue();
        assertThat(PostgresEngine.isUrl("postgresql://h/d")).isTrue();
        assertThat(PostgresEngine.isUrl("jdbc:postgresql:d")).isTrue();
        assertThat(PostgresEngine.isUrl("app.db")).isFalse();
        assertThat(PostgresEngine.isUrl("a/b:c.db")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POSTGRES://h/d",
                "JDBC:postgresql:d",
                "postgress://u:pw@h/d",
                "postgres:h/d",
                "mysql://x/y",
                "jdbc:mysql:d",
                "http://127.0.0.1:4437",
                "://"
            })
    void takesWhatIsWrittenLikeAnAddressForNoFile(String text) {
        assertThat(PostgresEngine.isUrl(text)).isTrue();
    }

    @Test
    void namesTheSchemeThatItDoesNotKnow() {
        assertThatThrownBy(() -> PostgresUrl.parse("postgress://u:secret@host/db"))
                .hasMessageContaining("scheme=postgress,", "postgres://user:password@host");
    }

    @Test
    void opensADatabaseByBothForms() {
        String jdbc = PostgresServer.freshUrl();
        String database = jdbc.replaceAll(".*/([^?]*)\\?.*", "$1");
        String uri = "postgres://postgres:postgres@localhost:" + PostgresServer.port() + "/" + database
                + "?application_name=by%20uri";

        assertThat(application(jdbc, Map.of())).isEqualTo("holdfast");
        assertThat(application(uri, Map.of())).isEqualTo("by uri");
        assertThat(application(jdbc + "&ApplicationName=in-url", Map.of())).isEqualTo("in-url");
        assertThat(application(jdbc, Map.of("ApplicationName", "property"))).isEqualTo("property");
    }

    @Test
    void keepsTheSessionOptionsOfTheCallerBesideItsOwn() {
        String url = PostgresServer.freshUrl();
        PostgresOptions options = PostgresOptions.defaults().withProperties(Map.of("options", "-c work_mem=7MB"));

        try (PostgresEngine engine = PostgresEngine.open(url, options, TimeSource.system())) {
            String both = engine.write(unit -> unit.first(
                            "select current_setting('work_mem') || ' ' || current_setting('transaction_isolation')"
                                    + " || ' ' || current_setting('lock_timeout')",
                            row -> row.getString(1))
                    .orElseThrow());

            assertThat(both).isEqualTo("7MB serializable 30s");
        }
    }

    @Test
    void refusesAPropertyThatTheDriverDoesNotKnow() {
        PostgresOptions options = PostgresOptions.defaults().withProperties(Map.of("sslmod", "x"));

        assertThatThrownBy(() -> PostgresEngine.open(PostgresServer.freshUrl(), options, TimeSource.system()))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("postgres.property"))
                .hasMessageContaining("sslmod");
    }

    @Test
    void saysWhyADatabaseCannotBeReached() {
        String absent = "postgres://ann:secret@localhost:" + PostgresServer.port() + "/absent";
        PostgresOptions options = PostgresOptions.defaults().withTurnLimit(java.time.Duration.ofMillis(500));

        assertThatThrownBy(() -> PostgresEngine.open(absent, options, TimeSource.system()))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.unavailable"))
                .hasMessageNotContaining("secret");
    }

    private static String application(String url, Map<String, String> properties) {
        PostgresOptions options = PostgresOptions.defaults().withProperties(properties);
        try (PostgresEngine engine = PostgresEngine.open(url, options, TimeSource.system())) {
            return engine.readOne(
                    unit -> unit.first("select current_setting('application_name')", row -> row.getString(1))
                            .orElseThrow());
        }
    }
}
