package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** KV Connect on a SQLite file, and the programs of its guide page. */
class KvConnectIT extends KvConnectContract {
    @Override
    String database() {
        return folder.resolve("kv.db").toString();
    }

    @Test
    void theProgramsOfTheGuideRunAsPasted() throws Exception {
        String page = Files.readString(Suites.ROOT.resolve("docs/guide/deno.md"));
        try (ServerProcess server = serve()) {
            String address = server.awaitBase().getAuthority();
            Path deno = program(page, "ts", address, "app.ts");
            Path node = program(page, "js", address, "app.mjs");

            assertThat(Suites.run(folder, SCRIPT, "--program", deno.toString(), TOKEN))
                    .isEqualTo(Suites.block(page, "text"));
            assertThat(Suites.run(folder, SCRIPT, "--program", node.toString(), TOKEN))
                    .isEqualTo("Bob\n");
        }
    }

    /** A program of the page; only the port of the server is another one. */
    private Path program(String page, String language, String address, String name) throws IOException {
        return Files.writeString(
                folder.resolve(name), Suites.block(page, language).replace("127.0.0.1:4437", address));
    }
}
