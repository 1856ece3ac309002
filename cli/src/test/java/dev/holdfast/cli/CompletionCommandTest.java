package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
    @TempDir
    private Path folder;

    @Test
    void bashCompletesCommandsAndFlags() throws Exception {
        Path script = Files.writeString(
                folder.resolve("completion"), Shell.run("completion", "bash").out());

        assertThat(completed(script, "holdfast k")).contains("kv");
        assertThat(completed(script, "holdfast kv li")).contains("list");
        assertThat(completed(script, "holdfast kv list --rev")).contains("--reverse");
        assertThat(completed(script, "holdfast namespace ex")).contains("export");
        assertThat(completed(script, "holdfast namespace quota se")).contains("set");
        assertThat(completed(script, "holdfast t")).contains("token").doesNotContain("train");
    }

    @Test
    void zshPreparesItselfForTheScriptOfBash() {
        String zsh = Shell.run("completion", "zsh").out();

        assertThat(zsh).startsWith("autoload -U +X bashcompinit && bashcompinit\n");
        assertThat(zsh).endsWith(Shell.run("completion", "bash").out().substring(200));
    }

    /** What bash offers for the last word of a line. */
    private static String completed(Path script, String line) throws Exception {
        String program = """
                source "$1"
                COMP_LINE=$2
                COMP_POINT=${#COMP_LINE}
                read -r -a COMP_WORDS <<<"$COMP_LINE"
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _complete_holdfast 2>/dev/null # compopt wants to be called by the shell itself
                printf '%s\\n' "${COMPREPLY[@]}"
                """;
        Process bash = new ProcessBuilder("bash", "-c", program, "bash", script.toString(), line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        return out;
    }
}
