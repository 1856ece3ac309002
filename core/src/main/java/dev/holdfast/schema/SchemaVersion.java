package dev.holdfast.schema;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Migration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a schema has come: the highest migration number of each room.
 *
 * <p>Rooms number their migrations on their own, so a version is one number per room and not a single one: a position
 * in the list of all migrations would mean something else as soon as a room in its middle got a second migration. The
 * text form is {@code engine=1,kv=2,schema=1}, with the rooms sorted; {@code schema} is the ledger itself. A room that
 * is not named is at 0: none of its migrations has run.
 *
 * @param rooms migration number by room, each 1 or more
 */
public record SchemaVersion(SortedMap<String, Integer> rooms) {
    private static final Pattern PART = Pattern.compile("([a-z][a-z0-9_]*)=([1-9][0-9]{0,8})");
    private static final int SHOWN_MAX = 40;

    /** Copies the map; refuses numbers below 1. */
    public SchemaVersion {
        Objects.requireNonNull(rooms, "rooms");
        rooms = Collections.unmodifiableSortedMap(new TreeMap<>(rooms));
        rooms.forEach((room, number) -> {
            if (number < 1) {
                throw bad(room + "=" + number);
            }
        });
    }

    /** The version of a database without any table of ours. */
    public static SchemaVersion none() {
        return new SchemaVersion(new TreeMap<>());
    }

    /**
     * Reads the text form.
     *
     * @param text {@code room=number} joined by commas, in any order; empty for {@link #none()}
     * @throws InvalidInputException with the code {@code schema.version}: the text has another form, or a room twice
     */
    public static SchemaVersion parse(String text) {
        Objects.requireNonNull(text, "text");
        TreeMap<String, Integer> rooms = new TreeMap<>();
        if (text.isBlank()) {
            return new SchemaVersion(rooms);
        }
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part.strip());
            if (!matcher.matches() || rooms.put(matcher.group(1), Integer.valueOf(matcher.group(2))) != null) {
                throw bad(part.strip());
            }
        }
        return new SchemaVersion(rooms);
    }

    /** The version that all of these migrations together make. */
    static SchemaVersion of(List<Migration> migrations) {
        TreeMap<String, Integer> rooms = new TreeMap<>();
        migrations.forEach(migration -> rooms.merge(migration.room(), migration.number(), Math::max));
        return new SchemaVersion(rooms);
    }

    /** The number of the last migration of a room; 0 when none has run. */
    public int number(String room) {
        Objects.requireNonNull(room, "room");
        return rooms.getOrDefault(room, 0);
    }

    /** Whether a migration is part of this version. */
    boolean includes(Migration migration) {
        return migration.number() <= number(migration.room());
    }

    /** The text form, empty for {@link #none()}. */
    @Override
    public String toString() {
        return rooms.entrySet().stream()
                .map((Map.Entry<String, Integer> entry) -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static InvalidInputException bad(String part) {
        String shown = part.length() > SHOWN_MAX ? part.substring(0, SHOWN_MAX) + "..." : part;
        return new InvalidInputException(
                "schema.version",
                "a version reads room=number,room=number with each room once and numbers from 1 (part=" + shown + ")");
    }
}
