package dev.holdfast.testkit;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;

/** Prunes the change log as the store does, without waiting for a hundred thousand changes. */
final class Pruning {
    private Pruning() {}

    /** Removes every change of the default namespace that is in the log now. */
    static void all(Database database) {
        database.session("default").write(UnitKind.OPERATION, tx -> {
            all(tx);
            return tx;
        });
    }

    private static void all(Tx tx) {
        Tables tables = tx.database().tables();
        long highest = tx.first(
                        tables.sql("select coalesce(max(versionstamp), 0) from {p}changes where ns = ?"),
                        row -> row.getLong(1),
                        tx.ns())
                .orElseThrow();
        tx.exec(
                tables.sql("update {p}namespaces set changes_floor = ? where ns = ? and changes_floor < ?"),
                highest,
                tx.ns(),
                highest);
        tx.exec(tables.sql("delete from {p}changes where ns = ? and versionstamp <= ?"), tx.ns(), highest);
    }
}
