package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that fails leaves no file that was not there. */
class NothingMadeTest {
    private final InputStream standardInput = System.in;

    @TempDir
    private Path folder;

    private Path inputs;
    private Path stores;

    @BeforeEach
    void makeInputs() throws Exception {
        inputs = Files.createDirectory(folder.resolve("in"));
        stores = Files.createDirectory(folder.resolve("out"));
        Files.writeString(inputs.resolve("noise"), "this is no export\n");
        Files.writeString(inputs.resolve("cut"), "{\"holdfast\":2}\n{\"namespace\":\"default\"}\n");
        Files.writeString(inputs.resolve("large"), "\"" + "x".repeat(17 << 20) + "\"");
        Files.write(inputs.resolve("latin1"), new byte[] {'{', (byte) 0xe4, '}', '\n'});
    }

    @AfterEach
    void giveBack() {
        System.setIn(standardInput);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import IN/none",
                "import IN/noise",
                "import IN/noise/x",
                "import IN/cut",
                "import IN/latin1",
                "import IN",
                "import -",
                "serve --example IN/none",
                "serve --example IN/noise",
                "serve --example IN/noise/x",
                "serve --example IN/latin1",
                "serve --example IN",
                "serve --max-body 5GiB",
                "serve --stream-chunk 5GiB",
                "serve --max-webhook-calls 0",
                "serve --sse-max-age 0s",
                "serve --cors-origin foo",
                "serve --host no.such.host.invalid",
                "serve --host 0.0.0.0",
                "serve --host 192.0.2.1 --token secret",
                "serve --tls-cert IN/noise --tls-key IN/noise",
                "serve --tls-keystore IN/noise",
                "kv set a {",
                "kv set a//b 1",
                "kv set a 1 --ttl 0s",
                "kv set a -",
                "kv sum a//b 1",
                "collection insert notes {",
                "collection insert notes 1",
                "collection insert notes -",
                "collection insert LONG {}",
                "collection upsert notes []",
                "collection index create notes by..n n..",
                "stream create orders --ttl 0s --expires-at 2126-01-01T00:00:00Z",
                "stream create LONG",
                "queue enqueue mail {",
                "queue enqueue mail 1 --priority 10",
                "record open Kyneta",
                "record open n7_kyneta",
                "search create notes title --tokenizer french",
                "namespace quota set acme",
                "namespace quota set acme --rows -1",
                "token create --scope read --key-prefix a//b",
                "token create --scope read --ttl 0s",
                "bench --seconds 0",
            })
    void aWrongCommandLineMakesNoStore(String words) throws Exception {
        System.setIn(new ByteArrayInputStream("{ no JSON".getBytes(StandardCharsets.UTF_8)));

        var result = run(words);

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).singleElement().asString().startsWith("holdfast: ");
        assertThat(stores).isEmptyDirectory();
    }

    @Test
    void aPortInUseMakesNoStore() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var result = run("serve --port " + other.getLocalPort());

            assertThat(result.code()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("http.port_in_use");
            assertThat(stores).isEmptyDirectory();
        }
    }

    @Test
    void aValueThatIsTooLargeMakesNoStore() throws Exception {
        System.setIn(Files.newInputStream(inputs.resolve("large")));

        assertThat(run("kv set a -").code()).isEqualTo(2);

        assertThat(stores).isEmptyDirectory();
    }

    @Test
    void whatIsRightIsDoneOnceAndSaidOnce() {
        System.setIn(new ByteArrayInputStream("{\"n\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(run("collection insert notes -").lines()).hasSize(1);
        assertThat(run("collection count notes").out()).isEqualTo("1\n");
    }

    private Shell.Result run(String words) {
        List<String> all = new ArrayList<>();
        for (String word : words.split(" ")) {
            all.add(word.replace("IN", inputs.toString()).replace("LONG", "x".repeat(2_000)));
        }
        all.addAll(List.of("--db", stores.resolve("new.db").toString()));
        if (all.getFirst().equals("serve") && !all.contains("--port")) {
            all.addAll(List.of("--port", "0"));
        }
        return Shell.run(all.toArray(String[]::new));
    }
}
