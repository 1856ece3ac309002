package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.StateException;
import dev.holdfast.engine.TimeoutException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusesTest {
    private static final String DETAIL = "what was refused (name=1)";

    /** One row per kind of exception, with the status and whether the client reads the message. */
    private record Row(HoldfastException thrown, int status, boolean told) {}

    private static final List<Row> KINDS = List.of(
            new Row(new InvalidInputException("kv.key_too_large", DETAIL), 400, true),
            new Row(new ConflictException("kv.conflict", DETAIL), 409, true),
            new Row(new Closed("stream.closed", DETAIL), 409, true),
            new Row(new TimeoutException("tx.timeout", DETAIL), 503, true),
            new Row(new ClosedException("store.closed", DETAIL), 503, true),
            new Row(new EngineException("engine.failed", DETAIL), 503, false),
            new Row(new SchemaException("schema.newer", DETAIL), 500, false));

    /** The state of something refuses a call. */
    private static final class Closed extends StateException {
        private static final long serialVersionUID = 1L;

        Closed(String code, String message) {
            super(code, message);
        }
    }

    @Test
    void everyKindOfExceptionHasItsStatus() {
        for (Row row : KINDS) {
            Failure failure = Statuses.of(row.thrown(), "id");

            assertThat(failure.status()).as("%s", row).isEqualTo(row.status());
            assertThat(failure.detail().contains(DETAIL)).as("%s", row).isEqualTo(row.told());
            assertThat(failure.requestId()).isEqualTo("id");
            assertThat(failure.headers().isEmpty()).as("%s", row).isEqualTo(row.status() != 503);
        }
    }

    @Test
    void theTableIsComplete() {
        for (Class<?> kind : HoldfastException.class.getPermittedSubclasses()) {
            assertThat(KINDS)
                    .as(kind.getName())
                    .filteredOn(row -> kind.isInstance(row.thrown()))
                    .hasSize(1);
        }
        assertThat(KINDS).hasSize(HoldfastException.class.getPermittedSubclasses().length);
    }

    @Test
    void casesOfInvalidInputHaveTheirOwnStatus() {
        Map<String, Integer> cases = Map.ofEntries(
                Map.entry("collection.not_found", 404),
                Map.entry("namespace.gone", 410),
                Map.entry("collection.exists", 409),
                Map.entry("stream.already_exists", 409),
                Map.entry("collection.unique", 409),
                Map.entry("collection.changed", 409),
                Map.entry("http.body_too_large", 413),
                Map.entry("kv.value_too_large", 413),
                Map.entry("collection.document_too_large", 413),
                Map.entry("kv.result_too_large", 413),
                Map.entry("keyval.answer_too_large", 413),
                Map.entry("namespace.quota", 507),
                Map.entry("kv.key_too_large", 400),
                Map.entry("not_found_at_all", 400));

        cases.forEach((code, status) -> assertThat(Statuses.of(new InvalidInputException(code, DETAIL), "id")
                        .status())
                .as(code)
                .isEqualTo(status));
        assertThat(Statuses.INPUT_CASES.keySet())
                .allSatisfy(name -> assertThat(cases.keySet()).anyMatch(code -> code.endsWith("." + name)));
    }

    @Test
    void aCommitThatNobodyKnowsOfIsNotToBeRepeated() {
        Failure failure = Statuses.of(new EngineException("engine.commit_unknown", DETAIL), "id");

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.code()).isEqualTo("engine.commit_unknown");
        assertThat(failure.detail())
                .contains("may or may not have taken effect")
                .doesNotContain(DETAIL);
        assertThat(failure.headers()).isEmpty();
    }

    @Test
    void refusalsOfHttpKeepTheirStatusAndHeaders() {
        Failure failure = Statuses.of(HttpException.tooMany("http.rate", "slow down", 7), "id");

        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.code()).isEqualTo("http.rate");
        assertThat(failure.headers()).containsExactly(Map.entry("Retry-After", "7"));
        assertThat(Statuses.of(HttpException.unauthorized("http.token_missing", "x"), "id")
                        .headers())
                .containsExactly(Map.entry("WWW-Authenticate", "Bearer realm=\"holdfast\""));
    }

    @Test
    void everythingElseIsAFaultOfOurs() {
        for (Throwable fault : List.of(new IllegalStateException("secret"), new StackOverflowError("secret"))) {
            Failure failure = Statuses.of(fault, "id");

            assertThat(failure.status()).isEqualTo(500);
            assertThat(failure.code()).isEqualTo("internal");
            assertThat(failure.detail()).doesNotContain("secret");
        }
    }
}
