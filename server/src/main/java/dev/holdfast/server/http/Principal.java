package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks, and what they may do.
 *
 * @param name how logs call them; never a credential
 * @param scopes what they may do
 * @param namespace the only namespace they may enter; empty for any
 * @param grants the only data they may touch; empty for everything
 */
public record Principal(String name, Set<Scope> scopes, Optional<String> namespace, List<Grant> grants) {
    private static final Principal LOCAL =
            new Principal("local", EnumSet.allOf(Scope.class), Optional.empty(), List.of());

    private static final Principal ANYBODY =
            new Principal("anybody", EnumSet.of(Scope.READ, Scope.WRITE), Optional.empty(), List.of());

    /** Copies what came. */
    public Principal {
        requireNonNull(name, "name");
        scopes = Set.copyOf(requireNonNull(scopes, "scopes"));
        requireNonNull(namespace, "namespace");
        grants = List.copyOf(requireNonNull(grants, "grants"));
    }

    /** Whoever reaches a server that listens on loopback only and asks for no token: may do everything. */
    public static Principal local() {
        return LOCAL;
    }

    /** Whoever asks for what needs no token of the server; see {@link Route#forAnybody}. */
    static Principal anybody() {
        return ANYBODY;
    }

    /** A caller without limits. */
    public static Principal admin(String name) {
        return new Principal(name, Set.of(Scope.ADMIN), Optional.empty(), List.of());
    }

    /** Whether the caller did not say who it is. */
    boolean anonymous() {
        return equals(LOCAL) || equals(ANYBODY);
    }

    /** Whether this caller may do what needs a scope. */
    public boolean may(Scope scope) {
        requireNonNull(scope, "scope");
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }

    /** Whether this caller may touch only some data. */
    public boolean limited() {
        return !grants.isEmpty();
    }

    /** Whether this caller may touch what has a name. The comparison is by text: end a prefix with its separator. */
    public boolean mayTouch(Grant.Kind kind, String resource) {
        requireNonNull(kind, "kind");
        requireNonNull(resource, "resource");
        return !limited() || grants.stream().anyMatch(g -> g.kind() == kind && resource.startsWith(g.prefix()));
    }
}
