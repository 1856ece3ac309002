package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.access.CreatedToken;
import dev.holdfast.access.NewToken;
import dev.holdfast.access.Token;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.json.Json;
import dev.holdfast.key.KeyJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokens for the server. */
@Command(
        name = "token",
        description = "Make, list and revoke the tokens that a server asks for.",
        subcommands = {TokenCommand.Create.class, TokenCommand.Listing.class, TokenCommand.Revoke.class})
final class TokenCommand {
    TokenCommand() {}

    /** What a token allows, as flags write it. */
    enum ScopeName {
        read(Token.Scope.READ),
        write(Token.Scope.WRITE),
        admin(Token.Scope.ADMIN);

        private final Token.Scope scope;

        ScopeName(Token.Scope scope) {
            this.scope = scope;
        }
    }

    /** Makes a token and prints it with its secret. */
    @Command(name = "create", description = "Make a token and print it with its secret, which is shown this once.")
    static final class Create extends WholeStoreCommand implements MakesStore {
        @Option(
                names = "--scope",
                required = true,
                split = ",",
                paramLabel = "SCOPE",
                description = "read, write or admin; may be repeated. admin contains the others.")
        private Set<ScopeName> scopes = Set.of();

        @Option(names = "--name", paramLabel = "TEXT", description = "What it is for. Default: ${DEFAULT-VALUE}.")
        private String name = "unnamed";

        @Option(
                names = "--namespace",
                paramLabel = "NAME",
                description = "The only tenant it opens. Default: default; of admin tokens every one.")
        private @Nullable String namespace;

        @Option(
                names = "--key-prefix",
                paramLabel = "KEY",
                description = "Only this key and what is below it: users/42 or [\"users\",42]; may be repeated.")
        private List<String> keys = List.of();

        @Option(
                names = "--collection-prefix",
                paramLabel = "TEXT",
                description = "Only collections whose names begin so; may be repeated.")
        private List<String> collections = List.of();

        @Option(
                names = "--stream-prefix",
                paramLabel = "TEXT",
                description = "Only streams whose paths begin so; may be repeated.")
        private List<String> streams = List.of();

        @Option(
                names = "--ttl",
                paramLabel = "DURATION",
                description = "How long it lives, such as 30d. Default: for ever.")
        private @Nullable Duration ttl;

        @Override
        int run(Holdfast holdfast) {
            Set<Token.Scope> allowed =
                    Set.copyOf(scopes.stream().map(scope -> scope.scope).toList());
            Optional<String> tenant = Optional.ofNullable(namespace)
                    .or(() -> allowed.contains(Token.Scope.ADMIN) ? Optional.empty() : Optional.of(Namespaces.DEFAULT));
            CreatedToken created =
                    holdfast.tokens().create(new NewToken(name, allowed, tenant, grants(), Optional.ofNullable(ttl)));
            print(tree(created.token()).put("secret", created.secret()));
            return DONE;
        }

        private List<Token.Grant> grants() {
            Stream.of(keys, collections, streams).flatMap(List::stream).forEach(TokenCommand::requirePrefix);
            List<Token.Grant> grants = new ArrayList<>();
            keys.forEach(
                    key -> grants.add(new Token.Grant(Token.Grant.Kind.KEY, KeyJson.text(KeyArgument.prefix(key)))));
            collections.forEach(prefix -> grants.add(new Token.Grant(Token.Grant.Kind.COLLECTION, prefix)));
            streams.forEach(prefix -> grants.add(new Token.Grant(Token.Grant.Kind.STREAM, prefix)));
            return grants;
        }
    }

    /** Prints the tokens without their secrets. */
    @Command(name = "list", description = "Print the tokens, without their secrets.")
    static final class Listing extends WholeStoreCommand {
        @Override
        int run(Holdfast holdfast) {
            holdfast.tokens().list().forEach(token -> print(tree(token)));
            return DONE;
        }
    }

    /** Ends a token; exit code 1 when there is none. */
    @Command(
            name = "revoke",
            description = "End a token; exit code 1 when there is none. A running server refuses it within a second.")
    static final class Revoke extends WholeStoreCommand {
        @Parameters(paramLabel = "ID", description = "as list prints it")
        private String id = "";

        @Override
        int run(Holdfast holdfast) {
            return holdfast.tokens().revoke(id) ? DONE : absent("token; holdfast token list prints those there are");
        }
    }

    /** An empty prefix would open everything; most likely it is a variable that was not set. */
    private static void requirePrefix(String prefix) {
        if (prefix.isBlank()) {
            throw new InvalidInputException(
                    "cli.prefix", "a prefix is not empty; leave the flag out for a token of everything");
        }
    }

    private static ObjectNode tree(Token token) {
        ObjectNode tree = Json.mapper().createObjectNode();
        tree.put("id", token.id()).put("name", token.name());
        ArrayNode scopes = tree.putArray("scopes");
        token.scopes().stream().sorted().forEach(scope -> scopes.add(scope.text()));
        tree.put("namespace", token.namespace().orElse(null));
        ArrayNode grants = tree.putArray("grants");
        for (Token.Grant grant : token.grants()) {
            grants.addObject().put("kind", grant.kind().text()).put("prefix", grant.prefix());
        }
        tree.put("createdAt", token.createdAt().toString());
        tree.put("expiresAt", token.expiresAt().map(Object::toString).orElse(null));
        return tree;
    }
}
