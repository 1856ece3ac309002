package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What people are told: help of every command, and one line about every mistake. */
class UsageTest {
    /** Words, and what is told of them. */
    private static final String MISTAKES = """
            serve --port abc|--port
            serve --stop-timeout soon|500ms, 1.5h or 7d
            serve --max-body 1.5|64KiB or 16MiB
            serve --max-body 3GiB --db :memory:|--max-body takes less than 2GiB
            serve --max-body 1048576TiB|64KiB or 16MiB
            namespace|commands: list, delete, export, quota
            namespace delete acme --db :memory:|--yes
            namespace delete default --yes --db :memory:|default
            namespace delete --yes --db :memory:|NAME
            namespace export acme --db :memory:|no such namespace
            namespace quota set acme --db :memory:|--rows N, --bytes SIZE
            namespace quota set acme --rows -1 --db :memory:|rowsMax=-1
            namespace quota set acme --bytes lots --db :memory:|64KiB or 16MiB
            namespace quota set a/b --rows 1 --db :memory:|namespace
            serve --port 70000 --db :memory:|port=70000
            serve --tls-cert a.pem --db :memory:|--tls-key
            serve --tls-cert none.pem --tls-key none.pem --db :memory:|none.pem
            serve --max-json-depth 0 --db :memory:|jsonDepth
            serve --host 0.0.0.0 --port 0 --db :memory:|set a token
            serve --host no.such.host.invalid --port 0 --db :memory:|no.such.host.invalid
            serve --token= --port 0 --db :memory:|the token is blank
            serve --token \t --port 0 --db :memory:|the token is blank
            serve --token ä --port 0 --db :memory:|ASCII
            kv get|usage: holdfast kv get
            kv gte a|did you mean
            kv list --prot 80|usage: holdfast kv list
            kv list --limt=3|did you mean --limit?
            serve --tls-kye x|did you mean --tls-key?
            kv get a --db :memory: --loud|--loud
            kv set a {oops --db :memory:|JSON
            kv set a 1 --ttl never --db :memory:|--ttl
            kv set a 1 --ttl 5 --db :memory:|has no unit: durations in flags are written 500ms, 30s or 7d
            kv set a 1 --ttl 1.5 --db :memory:|has no unit
            token create --scope read --ttl 30 --db :memory:|has no unit
            serve --stop-timeout 0 --db :memory:|has no unit
            kv list --limit -1 --db :memory:|--limit takes 1 or more, or 0 for all (value=-1)
            kv watch --count 0 --db :memory:|--count is out of range (value=0, min=1,
            collection find notes --limit -1 --db :memory:|0 for all
            collection find notes --page 0 --db :memory:|a page has 1 to
            collection watch notes --count -2 --db :memory:|value=-2
            search find notes word --limit -1 --db :memory:|0 for all
            kv set a//b 1 --db :memory:|a part of the path is empty
            kv get /a --db :memory:|a part of the path is empty
            kv list a/ --db :memory:|a part of the path is empty
            kv list --start a// --db :memory:|a part of the path is empty
            search find / word --db :memory:|a part of the path is empty
            token create --scope read --key-prefix a/ --db :memory:|a part of the path is empty
            kv sum cnt x --db :memory:|is no integer
            kv get -- a --db app.db|flags stand before --
            kv list --limit many --db :memory:|--limit
            kv list -o xml --db :memory:|[json, table]
            kv list --where {"a":{"$no":1}} --db :memory:|$no
            collection update notes {"all":1} --db :memory:|name the documents: --id ID, --where JSON, or --all
            collection update notes n1 {"all":1} --db :memory:|one document is named by --id ID
            bench --seconds 0 --db :memory:|--seconds is out of range (value=0, min=1, max=600)
            bench --clients 2000 --db :memory:|max=1024
            bench --value-bytes 3 --db :memory:|min=16
            bench --seconds fast --db :memory:|--seconds
            bench streams|usage: holdfast bench streams
            bench streams https://example.org/v1/stream|without TLS
            bench streams nowhere|http://HOST
            bench streams http://[|this is no URL
            bench streams http://localhost:1/v1/stream --connections 0|--connections is out of range (value=0
            bench streams http://localhost:1/v1/stream --size 8|min=32
            bench streams http://localhost:1/v1/stream --share 1.5|more than 0 and at most 1 (value=1.5)
            bench streams http://localhost:1/v1/stream --duration 10|has no unit
            token create --db :memory:|--scope
            token create --scope all --db :memory:|[read, write, admin]
            token create --scope admin --key-prefix a --db :memory:|admin token
            token create --scope read --namespace a/b --db :memory:|namespace
            completion fish|[bash, zsh]
            serve --port 0 --db :memory: --example no-such-file|no-such-file
            """;

    @TempDir
    private Path folder;

    @Test
    void everyCommandExplainsItselfAndItsExitCodes() {
        List<List<String>> commands = commands(Main.commandLine(), List.of());

        assertThat(commands).hasSizeGreaterThan(20);
        for (List<String> command : commands) {
            List<String> words = new ArrayList<>(command);
            words.add("--help");
            var result = Shell.run(words.toArray(String[]::new));
            assertThat(result.code()).as(words.toString()).isZero();
            assertThat(result.out())
                    .as(words.toString())
                    .contains("Usage: holdfast", "Exit codes:")
                    .doesNotContain("null");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = MISTAKES)
    void aMistakeIsAnsweredWithOneLine(String words, String told) {
        var result = Shell.run(words.split(" "));

        assertThat(result.code()).as(result.err()).isIn(1, 2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("holdfast: ")
                .contains(told);
        assertThat(result.err()).hasSizeLessThan(400);
    }

    @Test
    void aValueThatNestsTooDeepIsAnsweredWithTheLimit() {
        var result = Shell.run("kv", "set", "a", "[".repeat(300), "--db", ":memory:");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().contains("jsonDepth=300, jsonDepthMax=256");
    }

    @Test
    void theFirstWordAloneIsReadWhenItIsACommand() {
        var all = Main.commandLine().getSubcommands().keySet();

        assertThat(all).hasSizeGreaterThan(10);
        for (String name : all) {
            assertThat(Main.commandLine(name, "--help").getSubcommands()).containsOnlyKeys(name);
        }
        assertThat(Main.commandLine("--help").getSubcommands().keySet()).isEqualTo(all);
    }

    @Test
    void aServerThatIsNotThereIsAnsweredWithOneLine() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String db = "postgres://127.0.0.1:" + port + "/app";

        for (String words : List.of("kv get a", "namespace list", "bench", "serve --port 0", "export", "token list")) {
            var result = Shell.run((words + " --db " + db).split(" "));
            assertThat(result.code()).as(words).isEqualTo(1);
            assertThat(result.out()).as(words).isEmpty();
            assertThat(result.err().lines())
                    .as(words)
                    .singleElement()
                    .asString()
                    .startsWith("holdfast: the database cannot be reached");
        }
        for (String words : List.of("schema check", "doctor")) {
            var result = Shell.run((words + " --db " + db).split(" "));
            assertThat(result.code()).as(words).isEqualTo(2);
            assertThat(result.out() + result.err()).as(words).contains("cannot tell", "the database cannot be reached");
        }
    }

    @Test
    void aFileThatIsNoStoreIsAnsweredWithOneLine() throws Exception {
        Path noise = java.nio.file.Files.writeString(folder.resolve("noise.db"), "this is no database".repeat(100));

        var result = Shell.run("kv", "get", "a", "--db", noise.toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo("holdfast: what is there is no SQLite database (file=" + noise + ") [sqlite.no_store]\n");
    }

    private static List<List<String>> commands(CommandLine line, List<String> path) {
        List<List<String>> all = new ArrayList<>(List.of(path));
        line.getSubcommands().forEach((name, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            all.addAll(commands(sub, deeper));
        });
        return all;
    }
}
