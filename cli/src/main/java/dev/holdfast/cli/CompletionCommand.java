package dev.holdfast.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and flags. */
@Command(name = "completion", description = "Print a completion script; in bash: source <(holdfast completion bash).")
final class CompletionCommand implements Runnable {
    /** The shells it is for. The script of bash runs in zsh as well, after a line that prepares zsh for it. */
    enum Shell {
        bash,
        zsh
    }

    private static final String ZSH = "autoload -U +X bashcompinit && bashcompinit\n";

    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before run.

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.bash;

    @Override
    public void run() {
        CommandLine line = Objects.requireNonNull(spec, "spec").commandLine();
        String script = AutoComplete.bash("holdfast", Main.commandLine());
        line.getOut().print(shell == Shell.zsh ? ZSH + script : script);
        line.getOut().flush();
    }
}
