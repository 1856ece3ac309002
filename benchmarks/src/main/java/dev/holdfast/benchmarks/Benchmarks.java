package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs parts, prints what it does, and writes a file of results. */
final class Benchmarks {
    private Benchmarks() {}

    /** Takes options and names of parts; see {@code benchmarks/run --help}. */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.of(args);
        Machine machine = Machine.here(settings.root());
        Report report = new Report(settings, machine);
        for (Part part : settings.parts()) {
            System.out.println("== " + part.name() + ": " + part.title());
            report.add(part, rounds(part, settings), syncs(part, settings));
        }
        Path written = report.write();
        System.out.println("results: " + settings.root().relativize(written));
    }

    private static List<Round> rounds(Part part, Settings settings) throws Exception {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < settings.rounds(); i++) {
            Disk disk = Disk.measure(settings.scratch());
            Map<String, Outcome> outcomes = new LinkedHashMap<>();
            for (String contestant : part.contestants()) {
                Outcome outcome = new ChildProcess(settings, part.name(), contestant).run();
                outcomes.put(contestant, outcome);
                System.out.printf(
                        "%d/%d %-24s %12s/s  %s us cpu  %s%n",
                        i + 1,
                        settings.rounds(),
                        contestant,
                        Figures.short3(outcome.rate()),
                        Figures.short3(outcome.cpuMicrosPerOperation()),
                        outcome.check());
            }
            Round round = new Round(disk, Machine.load(), outcomes);
            part.check(round);
            rounds.add(round);
        }
        for (Target target : part.targets()) {
            System.out.println(Report.line(target, rounds));
        }
        return rounds;
    }

    /** Once more, with the calls counted that make the disk write: that costs time, so it is no round. */
    private static Map<String, Double> syncs(Part part, Settings settings) throws Exception {
        Map<String, Double> syncs = new LinkedHashMap<>();
        if (part.durable() && settings.countSyncs()) {
            for (String contestant : part.contestants()) {
                syncs.put(contestant, new ChildProcess(settings, part.name(), contestant).syncsPerOperation());
            }
        }
        return syncs;
    }
}
