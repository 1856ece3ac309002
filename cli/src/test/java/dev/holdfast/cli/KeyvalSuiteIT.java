package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** KeyVal on a SQLite file, and the program of its guide page. */
class KeyvalSuiteIT extends KeyvalSuiteContract {
    @Override
    String database() {
        return folder.resolve("keyval.db").toString();
    }

    @Test
    void theProgramOfTheGuideRunsAsPasted() throws Exception {
        String page = Files.readString(Suites.ROOT.resolve("docs/guide/keyval.md"));
        try (ServerProcess server = ServerProcess.serve(folder)) {
            String address = server.awaitBase().getAuthority();
            Path program = folder.resolve("app.mjs");
            Files.writeString(program, Suites.block(page, "js").replace("127.0.0.1:4437", address));

            assertThat(Suites.run(folder, KvConnectContract.SCRIPT, "--program", program.toString(), "none"))
                    .isEqualTo(Suites.block(page, "text"));
        }
    }
}
