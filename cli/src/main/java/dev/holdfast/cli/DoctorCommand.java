package dev.holdfast.cli;

import dev.holdfast.Doctor;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.Finding;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Examines a store: 0 sound, 1 faults were found, 2 cannot tell. Notes change nothing about that. */
@Command(
        name = "doctor",
        description = "Examine a store and print each finding. Exit code: 0 sound, 1 faults found, 2 cannot tell.")
final class DoctorCommand implements Callable<Integer> {
    private static final int SOUND = 0;
    private static final int FAULTY = 1;
    private static final int UNKNOWN = 2;

    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before call.

    @Mixin
    private StoreOption store = new StoreOption();

    private long faults;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec, "spec").commandLine().getOut();
        Doctor.Verdict verdict = Doctor.examine(store.db(), HoldfastOptions.defaults(), finding -> print(out, finding));
        return switch (verdict) {
            case SOUND -> {
                out.println("sound");
                yield SOUND;
            }
            case FAULTY -> {
                out.println("faults: " + faults);
                yield FAULTY;
            }
            case UNKNOWN -> {
                out.println("cannot tell");
                yield UNKNOWN;
            }
        };
    }

    private void print(PrintWriter out, Finding finding) {
        out.println(finding);
        faults += finding.kind() == Finding.Kind.FAULT ? 1 : 0;
    }
}
