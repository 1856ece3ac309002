package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who may not write a store cannot open it, and leaves nothing behind that locks out those who may. */
class OtherUserTest {
    @TempDir
    private Path folder;

    private Path store;

    @BeforeEach
    void make() {
        store = folder.resolve("app.db");
        assertThat(Shell.run("kv", "set", "a", "1", "--db", store.toString()).code())
                .isZero();
    }

    @AfterEach
    void allow() throws IOException {
        permit(folder, "rwxr-xr-x");
        permit(store, "rw-r--r--");
    }

    @Test
    void aStoreThatMayOnlyBeReadIsNotOpened() throws Exception {
        permit(store, "r--r--r--");

        assertRefused("no permission to write to the file", store, "kv", "get", "a");
        assertRefused("no permission to write to the file", store, "serve", "--port", "0");

        permit(store, "rw-r--r--");
        assertThat(Shell.run("kv", "get", "a", "--db", store.toString()).out()).isEqualTo("1\n");
    }

    @Test
    void aStoreThatMayNotBeReadIsAWrongCommandLine() throws Exception {
        permit(store, "-w-------");

        assertRefused("no permission to read the file", store, "kv", "get", "a");
        assertRefused("no permission to read the backup", store, "restore", store.toString());
    }

    @Test
    void aFolderThatMayOnlyBeReadIsNamed() throws Exception {
        permit(folder, "r-xr-xr-x");

        assertRefused("no permission to make files in the folder " + folder.toRealPath(), store, "kv", "get", "a");
        assertRefused("no permission to make files", folder.resolve("new.db"), "kv", "set", "a", "1");
        assertRefused("no permission to make files", folder.resolve("x/new.db"), "kv", "set", "a", "1");
    }

    @Test
    void whatSomebodyElseHasLeftBesideAStoreIsNamed() throws Exception {
        Path index = Files.createFile(folder.resolve("app.db-shm"));
        permit(index, "r--r--r--");

        String told = as(other("kv", "get", "a", "--db", store.toString()), 2);

        assertThat(told)
                .isEqualTo("holdfast: no permission to write to the file; it is a part of the store, made by whoever"
                        + " had it open (file=" + index.toRealPath() + ") [sqlite.no_permission]\n");
    }

    @Test
    void anExportThatMayNotBeReadIsAWrongCommandLine() throws Exception {
        Path export = Files.createFile(folder.resolve("app.ndjson"));
        permit(export, "-w-------");

        String told = as(
                other(
                        "import",
                        export.toString(),
                        "--db",
                        folder.resolve("new.db").toString()),
                2);

        assertThat(told).isEqualTo("holdfast: no permission for the file " + export + " [cli.file]\n");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("app.db", "app.ndjson");
    }

    private void assertRefused(String told, Path db, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--db", db.toString()));

        assertThat(as(other(all.toArray(String[]::new)), 2).lines())
                .singleElement()
                .asString()
                .startsWith("holdfast: " + told)
                .contains("(file=" + folder.toRealPath())
                .doesNotContain("SQLITE");
        assertThat(folder.toFile().list()).containsExactly("app.db");
    }

    /** The program in a process that permissions hold for: root has to give up that they do not. */
    private static ProcessBuilder other(String... words) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            String powers = "-dac_override,-dac_read_search,-fowner";
            command.addAll(List.of("setpriv", "--bounding-set=" + powers, "--inh-caps=" + powers));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    /** What it says on standard error. */
    private static String as(ProcessBuilder program, int code) throws Exception {
        Process process =
                program.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String told = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(told).isEqualTo(code);
        return told;
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
