package dev.holdfast.schema;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compares a database with what the migrations make; see {@link Schema#check}. */
public final class SchemaCheck {
    private static final String NOTHING = "nothing";

    private final Engine engine;
    private final Tables tables;
    private final List<Migration> migrations;
    private final Ledger ledger;

    SchemaCheck(Engine engine, Tables tables, List<Migration> migrations) {
        this.engine = engine;
        this.tables = tables;
        this.migrations = migrations;
        this.ledger = new Ledger(engine.dialect(), tables);
    }

    /** What a comparison found. */
    public sealed interface Result permits Equal, Drift, CannotTell {}

    /** The database is what this program expects. */
    public record Equal() implements Result {}

    /**
     * The database differs.
     *
     * @param differences at least one; the ledger first, then table by table
     * @param absent whether none of the tables is there: the database holds no store
     */
    public record Drift(List<Difference> differences, boolean absent) implements Result {
        /** Copies the list. */
        public Drift {
            differences = List.copyOf(differences);
        }
    }

    /**
     * The comparison could not be made.
     *
     * @param reason what went wrong, for people
     */
    public record CannotTell(String reason) implements Result {
        /** Refuses null. */
        public CannotTell {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * One thing that is not as expected.
     *
     * @param table the name of the table
     * @param what the part of it, such as {@code column value}
     * @param expected what this program expects; {@code nothing} when it knows no such part
     * @param found what the database has; {@code nothing} when the part is missing
     */
    public record Difference(String table, String what, String expected, String found) {
        /** One line: {@code holdfast_kv: type of column value: expected blob, found text}. */
        @Override
        public String toString() {
            return table + ": " + what + ": expected " + expected + ", found " + found;
        }

        static Difference missing(String table, String what, String expected) {
            return new Difference(table, what, expected, NOTHING);
        }

        static Difference extra(String table, String what, String found) {
            return new Difference(table, what, NOTHING, found);
        }
    }

    Result run() {
        Catalog expected;
        try {
            expected = new ExpectedCatalog(engine, tables, migrations).read();
        } catch (EngineException | ConflictException | TimeoutException e) {
            return cannotTell("what is expected cannot be made here to compare with", e);
        }
        try {
            return engine.read(unit -> {
                Catalog found = Catalog.read(unit, engine.dialect(), tables);
                List<Difference> all = CatalogDiff.between(expected, found, tables);
                // A ledger that is not as expected may not be readable, and a failed read would end the transaction.
                if (all.stream().noneMatch(difference -> difference.table().equals(ledger.table()))) {
                    all.addAll(0, ledgerDifferences(ledger.read(unit)));
                }
                boolean absent = expected.tables().keySet().stream().noneMatch(found.tables()::containsKey);
                return all.isEmpty() ? new Equal() : new Drift(all, absent);
            });
        } catch (EngineException | ConflictException | TimeoutException e) {
            return cannotTell("the tables of the database cannot be read", e);
        }
    }

    private List<Difference> ledgerDifferences(List<Ledger.Entry> entries) {
        LedgerState state = LedgerState.of(ledger, migrations, entries);
        List<Difference> differences = new ArrayList<>();
        state.pending()
                .forEach(migration -> differences.add(
                        Difference.missing(ledger.table(), "migration " + Ledger.label(migration), "applied")));
        state.unknown()
                .forEach(entry -> differences.add(
                        Difference.extra(ledger.table(), "migration " + entry.label(), "applied by a newer program")));
        state.changed()
                .forEach(changed -> differences.add(new Difference(
                        ledger.table(),
                        "text of migration " + Ledger.label(changed.migration()),
                        LedgerState.shown(changed.program()),
                        LedgerState.shown(changed.applied()))));
        return differences;
    }

    private static CannotTell cannotTell(String what, HoldfastException e) {
        return new CannotTell(what + ": " + e.detail());
    }
}
