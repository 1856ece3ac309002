package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs other programs. */
final class Processes {
    private Processes() {}

    /** What a program prints; it must end well. */
    static String output(Path folder, String... command) throws IOException, InterruptedException {
        return output(folder, List.of(command));
    }

    /** What a program prints; it must end well. */
    static String output(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException("it ended with " + status + ": " + String.join(" ", command));
        }
        return printed;
    }
}
