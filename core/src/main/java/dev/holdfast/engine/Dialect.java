package dev.holdfast.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** The SQL a database speaks. An engine names one; every room keeps its statements for both side by side. */
public enum Dialect {
    /** SQLite 3.51.3 or newer: one writer at a time, so transactions are serializable by nature. */
    SQLITE,
    /** PostgreSQL 15 or newer, or a database that speaks its protocol and SQL. */
    POSTGRES;

    /**
     * What the database behind a connection speaks, by the name of its product.
     *
     * @throws InvalidInputException {@code engine.product}: it is neither SQLite nor PostgreSQL
     * @throws EngineException the connection does not answer
     */
    public static Dialect of(Connection connection) {
        try {
            String product = connection.getMetaData().getDatabaseProductName();
            return ofProduct(product)
                    .orElseThrow(() -> new InvalidInputException(
                            "engine.product",
                            "only connections to SQLite and PostgreSQL can be used (product=" + product + ")"));
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }

    static Optional<Dialect> ofProduct(String product) {
        return switch (product) {
            case "SQLite" -> Optional.of(SQLITE);
            case "PostgreSQL" -> Optional.of(POSTGRES);
            default -> Optional.empty();
        };
    }
}
