package dev.holdfast.schema;

import dev.holdfast.engine.Migration;
import dev.holdfast.engine.SchemaException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The ledger of a database beside the migrations of this program.
 *
 * @param pending in the program, not in the ledger; in the order in which they are to run
 * @param skipped those of the pending ones that are older than one of their room that has run
 * @param unknown in the ledger, not in the program
 * @param changed in both, with different texts
 */
record LedgerState(
        List<Migration> pending, List<Migration> skipped, List<Ledger.Entry> unknown, List<Changed> changed) {
    private static final int CHECKSUM_SHOWN = 12;

    static LedgerState of(Ledger ledger, List<Migration> migrations, List<Ledger.Entry> entries) {
        List<Migration> pending = new ArrayList<>();
        List<Migration> skipped = new ArrayList<>();
        List<Changed> changed = new ArrayList<>();
        for (Migration migration : migrations) {
            entries.stream()
                    .filter(entry -> entry.is(migration))
                    .findFirst()
                    .ifPresentOrElse(
                            entry -> {
                                String checksum = ledger.checksum(migration);
                                if (!checksum.equals(entry.checksum())) {
                                    changed.add(new Changed(migration, entry.checksum(), checksum));
                                }
                            },
                            () -> pending.add(migration));
        }
        for (Migration migration : pending) {
            if (entries.stream()
                    .anyMatch(entry -> entry.room().equals(migration.room()) && entry.number() > migration.number())) {
                skipped.add(migration);
            }
        }
        List<Ledger.Entry> unknown = entries.stream()
                .filter(entry -> migrations.stream().noneMatch(entry::is))
                .toList();
        return new LedgerState(pending, skipped, unknown, changed);
    }

    /**
     * The migrations to run.
     *
     * @throws SchemaException this program may not touch the database: the message says why and what to do
     */
    List<Migration> requirePending(List<Migration> migrations) {
        if (!unknown.isEmpty()) {
            throw new SchemaException(
                    "schema.newer",
                    "the database was written by a newer program; open it with that one or a later one (unknown="
                            + unknown.stream().map(Ledger.Entry::label).collect(Collectors.joining(", ")) + ", known="
                            + SchemaVersion.of(migrations) + ")");
        }
        if (!changed.isEmpty()) {
            Changed first = changed.getFirst();
            throw new SchemaException(
                    "schema.changed",
                    "the text of a migration is not the one that was applied; restore it and put the change into a"
                            + " new migration (migration=" + Ledger.label(first.migration) + ", applied="
                            + shown(first.applied) + ", program=" + shown(first.program) + ")");
        }
        if (!skipped.isEmpty()) {
            throw new SchemaException(
                    "schema.gap",
                    "the ledger misses a migration that others were applied after; the table was edited by hand, or the"
                            + " migration was added below an applied one (migration="
                            + Ledger.label(skipped.getFirst()) + ")");
        }
        return pending;
    }

    static String shown(String checksum) {
        return checksum.length() > CHECKSUM_SHOWN ? checksum.substring(0, CHECKSUM_SHOWN) : checksum;
    }

    /** A migration whose text is not the one that was applied. */
    record Changed(Migration migration, String applied, String program) {}
}
