package dev.holdfast.engine.postgres;

import dev.holdfast.engine.InvalidInputException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address of a database as people write it: {@code jdbc:postgresql://host:port/database?name=value} with the
 * driver's properties, or {@code postgres://user:password@host:port/database?name=value} with libpq's.
 *
 * @param jdbc for the driver, without user and password of the second form
 * @param properties user and password of the second form, and its parameters under the driver's names
 */
record PostgresUrl(String jdbc, Map<String, String> properties) {
    private static final String JDBC = "jdbc:postgresql:";
    private static final Pattern URI = Pattern.compile(
            "postgres(?:ql)?://(?:(?<login>[^@/]*)@)?(?<hosts>[^/?]*)(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?",
            Pattern.CASE_INSENSITIVE);

    /** What nobody means as the name of a file; the scheme is short and holds no secret, so it may be told. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<scheme>[a-z][a-z0-9+.-]{0,30})://.*|.*://.*|(?:jdbc|postgres(?:ql)?):.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Parameters that libpq and the driver name differently; the others have the same name in both. */
    private static final Map<String, String> DRIVER_NAMES = Map.of(
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout",
            "target_session_attrs", "targetServerType",
            "channel_binding", "channelBinding");

    private static final Map<String, String> TARGETS = Map.of(
            "read-write",
            "primary",
            "read-only",
            "secondary",
            "standby",
            "secondary",
            "prefer-standby",
            "preferSecondary");

    PostgresUrl {
        properties = Map.copyOf(properties);
    }

    /** Whether a text is written like an address, of whatever kind, and not like a file. */
    static boolean isOne(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** Reads one of the forms; a refusal never repeats the text, which may hold a password. */
    static PostgresUrl parse(String text) {
        if (text.regionMatches(true, 0, JDBC, 0, JDBC.length())) {
            return new PostgresUrl(JDBC + text.substring(JDBC.length()), Map.of());
        }
        Matcher parts = URI.matcher(text);
        if (!parts.matches()) {
            throw notUnderstood(text);
        }
        Map<String, String> properties = new LinkedHashMap<>();
        String login = parts.group("login");
        if (login != null) {
            int colon = login.indexOf(':');
            properties.put("user", decode(colon < 0 ? login : login.substring(0, colon)));
            if (colon >= 0) {
                properties.put("password", decode(login.substring(colon + 1)));
            }
        }
        String query = parts.group("query");
        if (query != null) {
            addParameters(query, properties);
        }
        String hosts = parts.group("hosts");
        String database = parts.group("database");
        return new PostgresUrl(
                JDBC + "//" + (hosts == null || hosts.isEmpty() ? "localhost" : hosts) + "/"
                        + (database == null ? "" : URLEncoder.encode(decode(database), StandardCharsets.UTF_8)),
                properties);
    }

    private static InvalidInputException notUnderstood(String text) {
        Matcher address = ADDRESS.matcher(text);
        String scheme = address.matches() ? address.group("scheme") : null;
        return new InvalidInputException(
                "postgres.url",
                "this is no address of a database that is known here; one is written"
                        + " postgres://user:password@host:port/database or jdbc:postgresql://host:port/database ("
                        + (scheme == null ? "" : "scheme=" + scheme + ", ") + "length=" + text.length() + ")");
    }

    private static void addParameters(String query, Map<String, String> properties) {
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equal = pair.indexOf('=');
            String name = equal < 0 ? pair : pair.substring(0, equal);
            String value = equal < 0 ? "" : decode(pair.substring(equal + 1));
            String driverName = DRIVER_NAMES.getOrDefault(name, name);
            properties.put(
                    driverName, driverName.equals("targetServerType") ? TARGETS.getOrDefault(value, value) : value);
        }
    }

    /** Percent signs only: unlike in a form, a plus sign stands for itself. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "postgres.url",
                    "the address holds a percent sign that begins no %XX (length=" + text.length() + ")",
                    e);
        }
    }

    /** Hides the properties. */
    @Override
    public String toString() {
        return "PostgresUrl";
    }
}
