package dev.holdfast.access;

import dev.holdfast.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Scopes and grants as they are stored: {@code read,write} and a JSON array of kinds and prefixes. */
final class TokenText {
    private static final String SEPARATOR = ",";
    private static final String KIND = "kind";
    private static final String PREFIX = "prefix";

    private TokenText() {}

    static String scopes(Collection<Token.Scope> scopes) {
        return scopes.stream().sorted().map(Token.Scope::text).collect(Collectors.joining(SEPARATOR));
    }

    static Set<Token.Scope> scopes(String text) {
        Set<Token.Scope> scopes = EnumSet.noneOf(Token.Scope.class);
        for (String name : text.split(SEPARATOR)) {
            scopes.add(Token.Scope.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return scopes;
    }

    static String grants(List<Token.Grant> grants) {
        ArrayNode array = Json.mapper().createArrayNode();
        for (Token.Grant grant : grants) {
            array.addObject().put(KIND, grant.kind().text()).put(PREFIX, grant.prefix());
        }
        return Json.text(array);
    }

    static List<Token.Grant> grants(String text) {
        List<Token.Grant> grants = new ArrayList<>();
        for (JsonNode grant : Json.parse(text)) {
            String kind = grant.path(KIND).stringValue().toUpperCase(Locale.ROOT);
            grants.add(new Token.Grant(
                    Token.Grant.Kind.valueOf(kind), grant.path(PREFIX).stringValue()));
        }
        return grants;
    }
}
