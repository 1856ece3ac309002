package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks for one thing that is not there is told so, and is answered 1. */
class AbsentTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void make() {
        assertThat(run("kv set a 1").code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kv get none                      | entry [cli.not_there]
            collection get notes none        | document [cli.not_there]
            collection index drop notes none | index; holdfast collection index list prints those there are
            search remove none               | index; holdfast search indexes prints those there are
            namespace delete none --yes      | namespace; holdfast namespace list prints those there are
            namespace export none            | namespace; holdfast namespace list prints those there are
            namespace quota get none         | namespace; holdfast namespace list prints those there are
            namespace quota remove none      | namespace; holdfast namespace list prints those there are
            token revoke none                | token; holdfast token list prints those there are
            stream head none                 | stream
            stream read none                 | stream
            stream delete none               | stream
            stream trim none 1               | stream
            queue claim none                 | job that is ready
            queue cancel none 1              | job that waits
            queue dlq requeue none 1         | dead job
            record list none                 | record store; holdfast record list prints those there are
            record dump none doc             | record store; holdfast record list prints those there are
            record meta none doc             | record store; holdfast record list prints those there are
            stream retain none               | stream
            stream append none 1             | stream
            """)
    void isTold(String words, String what) {
        var result = run(words);

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("holdfast: there is no such " + what)
                .endsWith("]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kv delete none                     | {"deleted":0} | 0
            collection delete notes none       | {"deleted":0} | 1
            collection update notes {} --id no | {"updated":0} | 1
            """)
    void whatCountsTellsItsCount(String words, String printed, int code) {
        var result = run(words);

        assertThat(result.lines()).containsExactly(printed);
        assertThat(result.code()).isEqualTo(code);
    }

    private Shell.Result run(String words) {
        List<String> all = new ArrayList<>(List.of(words.split(" ")));
        all.addAll(List.of("--db", folder.resolve("app.db").toString()));
        return Shell.run(all.toArray(String[]::new));
    }
}
