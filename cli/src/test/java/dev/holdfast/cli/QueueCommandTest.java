package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class QueueCommandTest {
    @TempDir
    Path folder;

    @Test
    void jobsAreEnqueuedClaimedAndSettled() {
        List<String> made = run(0, "enqueue", "mail", "{\"to\":\"ann\"}", "2");
        assertThat(made)
                .hasSize(2)
                .allMatch(line -> Json.parse(line).path("added").asBoolean());

        assertThat(run(0, "peek", "mail")).hasSize(2);
        JsonNode job = Json.parse(run(0, "claim", "mail", "--lease", "1h").getFirst());
        assertThat(job.path("value").path("to").asString()).isEqualTo("ann");
        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        String id = job.path("id").asString();
        assertThat(run(0, "stats", "mail"))
                .containsExactly("{\"queue\":\"mail\",\"ready\":1,\"delayed\":0,\"blocked\":0,\"claimed\":1,\"dead\":0,"
                        + "\"paused\":false}");
        run(1, "ack", "mail", id, "7");
        run(0, "ack", "mail", id, job.path("token").asString());
        run(1, "ack", "mail", id, job.path("token").asString());
        run(0, "pause", "mail");
        run(1, "claim", "mail");
        run(0, "resume", "mail");
        run(2, "purge", "mail");
        assertThat(run(0, "purge", "mail", "--yes")).containsExactly("{\"removed\":1}");
        assertThat(run(0, "list")).isEmpty();
    }

    @Test
    void whatIsSaidOfAJobHolds() {
        run(
                0,
                "enqueue",
                "mail",
                "1",
                "--unique",
                "k",
                "--priority",
                "0",
                "--delay",
                "1h",
                "--attempts",
                "3",
                "--jitter");
        JsonNode second =
                Json.parse(run(0, "enqueue", "mail", "1", "--unique", "k").getFirst());

        assertThat(second.path("added").asBoolean()).isFalse();
        run(0, "cancel", "mail", second.path("id").asString());
        run(1, "cancel", "mail", second.path("id").asString());
        run(2, "enqueue", "mail", "1", "--priority", "10");
        run(2, "enqueue", "mail", "{");
        run(2, "enqueue", "mail");
    }

    @Test
    void aQueueIsLimitedAndNotAnyMore() {
        run(0, "enqueue", "mail", "1", "2", "3");
        assertThat(run(0, "limit", "mail")).containsExactly("{\"queue\":\"mail\"}");

        assertThat(run(0, "limit", "mail", "--concurrency", "2", "--rate", "5", "--window", "1m"))
                .containsExactly("{\"queue\":\"mail\",\"concurrency\":2,\"rate\":5,\"window\":\"PT1M\"}");

        assertThat(run(0, "claim", "mail", "--limit", "3")).hasSize(2);
        run(2, "limit", "mail", "--concurrency", "0");
        run(2, "limit", "mail", "--rate", "5");
        run(2, "limit", "mail", "--window", "1m");
        run(2, "limit", "mail", "--rate", "5", "--window", "0s");
        run(2, "limit", "mail", "--none", "--concurrency", "1");
        assertThat(run(0, "limit", "mail", "--concurrency", "1"))
                .containsExactly("{\"queue\":\"mail\",\"concurrency\":1}");
        run(0, "limit", "mail", "--none");
        assertThat(run(0, "claim", "mail")).hasSize(1);
    }

    @Test
    void jobsOfOneKeyAreGivenOutOneAtATime() {
        run(0, "enqueue", "mail", "1", "2", "--ordering-key", "ann");
        run(2, "enqueue", "mail", "3", "--ordering-key", "");

        JsonNode first = Json.parse(run(0, "claim", "mail").getFirst());

        run(1, "claim", "mail");
        assertThat(run(0, "stats", "mail").getFirst()).contains("\"blocked\":1");
        run(0, "ack", "mail", first.path("id").asString(), first.path("token").asString());
        assertThat(Json.parse(run(0, "peek", "mail").getFirst())
                        .path("orderingKey")
                        .asString())
                .isEqualTo("ann");
    }

    @Test
    void deadJobsAreSeenRequeuedAndRemoved() {
        for (String value : List.of("1", "2", "3")) {
            run(0, "enqueue", "mail", value, "--attempts", "1", "--fallback", "lost/" + value);
            JsonNode job = Json.parse(run(0, "claim", "mail").getFirst());
            run(0, "nack", "mail", job.path("id").asString(), job.path("token").asString(), "--error", "no way");
        }

        List<String> dead = run(0, "dlq", "list", "mail");
        assertThat(dead).hasSize(3);
        assertThat(Json.parse(dead.getLast()).path("error").asString()).isEqualTo("no way");
        String id = Json.parse(dead.getFirst()).path("id").asString();
        assertThat(run(0, "dlq", "requeue", "mail", id)).hasSize(1);
        run(1, "dlq", "requeue", "mail", id);
        run(0, "dlq", "delete", "mail", Json.parse(dead.get(1)).path("id").asString());
        run(2, "dlq", "purge", "mail");
        assertThat(run(0, "dlq", "purge", "mail", "--yes")).containsExactly("{\"removed\":1}");
        assertThat(run(0, "peek", "mail")).hasSize(1);
    }

    @Test
    void exhaustedJobsGoToAnotherQueue() {
        run(0, "enqueue", "mail", "7", "--attempts", "1");
        assertThat(run(0, "dlq", "to", "mail", "mail.dlq"))
                .containsExactly("{\"queue\":\"mail\",\"deadLettersTo\":\"mail.dlq\"}");
        run(2, "dlq", "to", "mail", "mail");
        run(2, "dlq", "to", "mail", "other", "--none");
        JsonNode job = Json.parse(run(0, "claim", "mail").getFirst());

        run(0, "nack", "mail", job.path("id").asString(), job.path("token").asString());

        JsonNode letter = Json.parse(run(0, "peek", "mail.dlq").getFirst());
        assertThat(letter.path("value").path("payload").asInt()).isEqualTo(7);
        assertThat(run(0, "dlq", "to", "mail", "--none")).containsExactly("{\"queue\":\"mail\"}");
    }

    private List<String> run(int code, String... words) {
        List<String> all = new ArrayList<>(List.of("queue"));
        all.addAll(List.of(words));
        all.addAll(List.of("--db", folder.resolve("a.db").toString()));
        Shell.Result result = Shell.run(all.toArray(String[]::new));
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(code);
        return result.lines();
    }
}
