package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to run and where.
 *
 * @param root the checkout
 * @param scratch the folder whose disk is measured
 * @param parts in order
 * @param rounds of each part
 * @param scale a factor on the amount of work
 * @param countSyncs whether to run each durable contestant once more and count its syncs
 * @param command as it was typed
 */
record Settings(
        Path root, Path scratch, List<Part> parts, int rounds, double scale, boolean countSyncs, String command) {
    private static final int ROUNDS = 5;

    static Settings of(String[] args) {
        Path root = Path.of(System.getProperty("holdfast.root", "")).toAbsolutePath();
        Path scratch = root.resolve("benchmarks/target/scratch");
        List<Part> parts = new ArrayList<>();
        int rounds = ROUNDS;
        double scale = 1;
        boolean countSyncs = true;
        for (String arg : args) {
            if (arg.startsWith("--rounds=")) {
                rounds = Integer.parseInt(value(arg));
            } else if (arg.startsWith("--scale=")) {
                scale = Double.parseDouble(value(arg));
            } else if (arg.startsWith("--scratch=")) {
                scratch = Path.of(value(arg)).toAbsolutePath();
            } else if (arg.equals("--no-syncs")) {
                countSyncs = false;
            } else {
                parts.add(Parts.part(arg));
            }
        }
        return new Settings(
                root,
                scratch,
                parts.isEmpty() ? Parts.regular() : List.copyOf(parts),
                rounds,
                scale,
                countSyncs,
                ("benchmarks/run " + String.join(" ", args)).strip());
    }

    private static String value(String arg) {
        return arg.substring(arg.indexOf('=') + 1);
    }
}
