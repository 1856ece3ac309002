package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A page of results: the machine, then of every part its contestants and its targets. */
final class Report {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private final Settings settings;
    private final Instant begun = Instant.now();
    private final StringBuilder text = new StringBuilder();

    Report(Settings settings, Machine machine) {
        this.settings = settings;
        line("# Benchmark of " + DATE.format(begun));
        line("");
        line("- command: `" + settings.command() + "`");
        machine.lines().forEach(each -> line("- " + each));
        line("- rounds: " + settings.rounds() + ", scale: " + Figures.short3(settings.scale())
                + "; every figure is the median over the rounds, and so is every ratio of one round");
        line("- CPU: processor time of the process in its window; bytes: `write_bytes` of `/proc/self/io`;"
                + " syncs: fsync and fdatasync, counted by strace in a run of their own");
    }

    void add(Part part, List<Round> rounds, Map<String, Double> syncs) {
        line("");
        line("## " + part.name());
        line("");
        line(part.title() + ".");
        line("");
        line("Disk: 4 KiB and fdatasync p50 "
                + micros(rounds, round -> round.disk().p50Micros()) + ", p99 "
                + micros(rounds, round -> round.disk().p99Micros()) + ". Load average "
                + Figures.short3(Medians.of(rounds.stream().mapToDouble(Round::load))) + ".");
        line("");
        contestants(part, rounds, syncs);
        line("");
        line("| ratio | aim | median | rounds | |");
        line("|---|---|---|---|---|");
        part.targets().forEach(target -> line(row(target, rounds)));
    }

    private void contestants(Part part, List<Round> rounds, Map<String, Double> syncs) {
        line("| contestant | per second | lowest - highest | CPU us/op | bytes/op | syncs/op | found |");
        line("|---|---|---|---|---|---|---|");
        for (String name : part.contestants()) {
            List<Outcome> outcomes =
                    rounds.stream().map(round -> round.of(name)).toList();
            line("| " + name + " | " + median(outcomes, Outcome::rate) + " | "
                    + Figures.short3(Medians.quantile(outcomes.stream().mapToDouble(Outcome::rate), 0)) + " - "
                    + Figures.short3(Medians.quantile(outcomes.stream().mapToDouble(Outcome::rate), 1)) + " | "
                    + median(outcomes, Outcome::cpuMicrosPerOperation) + " | "
                    + median(outcomes, Outcome::writtenBytesPerOperation) + " | "
                    + (syncs.containsKey(name) ? Figures.short3(syncs.get(name)) : "") + " | "
                    + outcomes.getLast().check() + details(outcomes) + " |");
        }
    }

    private static String details(List<Outcome> outcomes) {
        return outcomes.getLast().details().keySet().stream()
                .map(name -> ", " + name + " " + median(outcomes, outcome -> outcome.detail(name)))
                .collect(Collectors.joining());
    }

    static String line(Target target, List<Round> rounds) {
        double median = target.median(rounds);
        return "   " + target.text() + " = " + Figures.short3(median) + " (" + target.boundText() + "): "
                + (target.met(median) ? "met" : "MISSED");
    }

    private static String row(Target target, List<Round> rounds) {
        double median = target.median(rounds);
        String each = rounds.stream()
                .map(round -> Figures.short3(target.figure().applyAsDouble(round)))
                .collect(Collectors.joining(" "));
        return "| " + target.text() + " | " + target.boundText() + " | " + Figures.short3(median) + " | " + each + " | "
                + (target.met(median) ? "met" : "missed") + " |";
    }

    private static String median(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
        return Figures.short3(Medians.of(outcomes.stream().mapToDouble(figure)));
    }

    private static String micros(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Figures.short3(Medians.of(rounds.stream().mapToDouble(figure))) + " us";
    }

    /** Writes the page under the time at which the run began. */
    Path write() throws IOException {
        Path file = settings.root().resolve("benchmarks/results").resolve(NAME.format(begun) + ".md");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
