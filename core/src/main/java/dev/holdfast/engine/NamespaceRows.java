package dev.holdfast.engine;

/** The rows of one namespace in a table whose primary key begins with the namespace's number. */
public final class NamespaceRows {
    private final String clear;

    /**
     * The rows of a table.
     *
     * @param table its name without the prefix
     * @param key the columns of its primary key behind {@code ns}, with commas
     */
    public NamespaceRows(Tables tables, String table, String key) {
        // Neither database takes a limit in a delete.
        this.clear = tables.sql("delete from {p}" + table + " where (ns, " + key + ") in (select ns, " + key
                + " from {p}" + table + " where ns = ? limit ?)");
    }

    /** Removes up to so many of them; answers how many. */
    public int clear(Sql sql, int ns, int rowsMax) {
        return sql.exec(clear, ns, rowsMax);
    }
}
