package dev.holdfast.record;

import dev.holdfast.engine.DataSourceAdapter;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.JdbcAdapter;
import dev.holdfast.engine.SqlAdapter;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store over connections of the application is opened with: the tables of Kyneta's stores, made when they are
 * missing, unless it is told others. Each may be set once. For one thread.
 */
public final class RecordStoreBuilder {
    private final SqlAdapter adapter;
    private final Dialect dialect;
    private final BooleanSupplier joined;
    private final boolean shared;
    private final boolean owned;
    private @Nullable TableNames names;
    private @Nullable SchemaMode mode;

    RecordStoreBuilder(DataSourceAdapter adapter) {
        this.adapter = adapter;
        this.dialect = adapter.dialect();
        this.joined = () -> false;
        this.shared = true;
        this.owned = false;
    }

    RecordStoreBuilder(JdbcAdapter adapter) {
        this.adapter = adapter;
        this.dialect = adapter.dialect();
        this.joined = adapter::joins;
        this.shared = false;
        this.owned = false;
    }

    RecordStoreBuilder(SqlAdapter adapter, Dialect dialect, boolean owned) {
        this.adapter = adapter;
        this.dialect = dialect;
        this.joined = () -> false;
        this.shared = false;
        this.owned = owned;
    }

    /**
     * The tables.
     *
     * @throws IllegalStateException they were named already
     */
    public RecordStoreBuilder tables(TableNames tables) {
        if (names != null) {
            throw new IllegalStateException("the tables were named already (docMeta=" + names.docMeta() + ")");
        }
        names = Objects.requireNonNull(tables, "tables");
        return this;
    }

    /**
     * The tables by the name of the store; see {@link TableNames#ofStore}.
     *
     * @throws RecordStoreException it is no name
     * @throws IllegalStateException the tables were named already
     */
    public RecordStoreBuilder storeName(String name) {
        return tables(TableNames.ofStore(Objects.requireNonNull(name, "name")));
    }

    /**
     * Whether missing tables are made.
     *
     * @throws IllegalStateException that was said already
     */
    public RecordStoreBuilder schema(SchemaMode schema) {
        if (mode != null) {
            throw new IllegalStateException("the mode was set already (schema=" + mode + ")");
        }
        mode = Objects.requireNonNull(schema, "schema");
        return this;
    }

    /**
     * Opens the store: compares its tables, and checks or writes the marker of its format.
     *
     * @throws StoreFormatException what stands in the tables has another format; nothing was changed
     * @throws RecordStoreException a table is missing or has other columns, or the database cannot be reached
     */
    public RecordStore open() {
        TableNames tables = names == null ? TableNames.DEFAULT : names;
        AdapterSeat seat = new AdapterSeat(adapter, new RecordSql(dialect, tables), joined, shared, owned);
        try {
            seat.open(mode == null ? SchemaMode.CREATE : mode);
        } catch (RuntimeException | Error e) {
            try {
                seat.close();
            } catch (RuntimeException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
        return new StoredRecordStore(seat);
    }
}
