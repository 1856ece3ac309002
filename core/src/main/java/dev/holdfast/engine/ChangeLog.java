package dev.holdfast.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the changes of one commit, all units together, in few statements. */
final class ChangeLog implements CommitTask {
    private static final int COLUMNS = 7;
    private static final int ROWS_PER_STATEMENT = 32;

    private final Statements statements;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    ChangeLog(Statements statements) {
        this.statements = statements;
    }

    void add(int ns, Change change) {
        rows.add(new @Nullable Object[] {
            ns,
            change.versionstamp(),
            change.n(),
            change.room(),
            change.scope(),
            change.id(),
            change.kind().number()
        });
    }

    @Override
    public void beforeCommit(Sql sql) {
        int at = 0;
        for (; rows.size() - at >= ROWS_PER_STATEMENT; at += ROWS_PER_STATEMENT) {
            @Nullable Object[] args = new @Nullable Object[ROWS_PER_STATEMENT * COLUMNS];
            for (int i = 0; i < ROWS_PER_STATEMENT; i++) {
                System.arraycopy(rows.get(at + i), 0, args, i * COLUMNS, COLUMNS);
            }
            sql.exec(statements.many, args);
        }
        if (at < rows.size()) {
            sql.execAll(statements.one, rows.subList(at, rows.size()));
        }
    }

    /** The texts, made once per store. */
    static final class Statements {
        /** How many there are of one commit. */
        final String count;

        private final String one;
        private final String many;

        Statements(Tables tables) {
            String head = tables.sql("insert into {p}changes (ns, versionstamp, n, room, scope, id, op) values ");
            String row = "(?, ?, ?, ?, ?, ?, ?)";
            this.count = tables.sql("select count(*) from {p}changes where ns = ? and versionstamp = ?");
            this.one = head + row;
            this.many = head + row + (", " + row).repeat(ROWS_PER_STATEMENT - 1);
        }
    }
}
