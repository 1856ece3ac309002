package dev.holdfast.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One numbered step of a room's tables. Rooms hand theirs up; the schema package runs, prints and checks them.
 *
 * @param room who owns it, such as {@code kv}
 * @param number 1, 2, 3 ... within the room, without gaps
 * @param name what it does, for people
 * @param sqlite its statements for SQLite, with <code>{p}</code> for the table prefix
 * @param postgres the same for PostgreSQL
 */
public record Migration(String room, int number, String name, String sqlite, String postgres) {

    /** The statements for a dialect and prefix, each without its final semicolon. */
    public List<String> statements(Dialect dialect, Tables tables) {
        List<String> statements = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        String text = tables.sql(dialect == Dialect.SQLITE ? sqlite : postgres);
        for (String line : text.lines().toList()) {
            if (line.startsWith("--") || line.isBlank()) {
                continue;
            }
            current.append(line).append('\n');
            if (line.endsWith(";")) {
                statements.add(current.substring(0, current.length() - 2));
                current.setLength(0);
            }
        }
        if (!current.isEmpty()) {
            throw new IllegalStateException("migration " + room + "/" + number + " does not end with a semicolon");
        }
        return statements;
    }

    /**
     * Reads the migrations of a room from beside its classes: {@code NNN_name.sql}, replaced for PostgreSQL by
     * {@code NNN_name.postgres.sql} where the databases must differ. Every statement ends with a semicolon at the end
     * of a line.
     *
     * @param anchor a class in the room's package
     * @param names the file names without ending, in order: {@code 001_name}, {@code 002_name} ...
     */
    public static List<Migration> load(String room, Class<?> anchor, String... names) {
        List<Migration> migrations = new ArrayList<>();
        for (String name : names) {
            String sqlite = Objects.requireNonNull(text(anchor, name + ".sql"), name);
            String postgres = text(anchor, name + ".postgres.sql");
            migrations.add(new Migration(
                    room, migrations.size() + 1, name.substring(4), sqlite, postgres == null ? sqlite : postgres));
        }
        return List.copyOf(migrations);
    }

    private static @Nullable String text(Class<?> anchor, String file) {
        try (InputStream in = anchor.getResourceAsStream(file)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
