package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrincipalTest {
    private static Principal of(Set<Scope> scopes, Grant... grants) {
        return new Principal("p", scopes, Optional.empty(), List.of(grants));
    }

    @Test
    void scopesAreExactlyWhatWasGiven() {
        for (Scope given : Scope.values()) {
            for (Scope needed : Scope.values()) {
                boolean expected = given == needed || given == Scope.ADMIN;

                assertThat(of(EnumSet.of(given)).may(needed))
                        .as("%s for %s", given, needed)
                        .isEqualTo(expected);
            }
        }
        assertThat(of(Set.of()).may(Scope.READ)).isFalse();
        assertThat(of(Set.of(Scope.READ, Scope.WRITE)).may(Scope.ADMIN)).isFalse();
    }

    @Test
    void withoutGrantsEverythingMayBeTouched() {
        Principal free = of(Set.of(Scope.READ));

        assertThat(free.limited()).isFalse();
        assertThat(free.mayTouch(Grant.Kind.KEY, "")).isTrue();
        assertThat(free.mayTouch(Grant.Kind.STREAM, "any")).isTrue();
    }

    @Test
    void grantsCompareTheBeginning() {
        Principal limited =
                of(Set.of(Scope.READ), new Grant(Grant.Kind.KEY, "users/"), new Grant(Grant.Kind.COLLECTION, ""));

        assertThat(limited.limited()).isTrue();
        assertThat(limited.mayTouch(Grant.Kind.KEY, "users/1")).isTrue();
        assertThat(limited.mayTouch(Grant.Kind.KEY, "users")).isFalse();
        assertThat(limited.mayTouch(Grant.Kind.KEY, "usersx/1")).isFalse();
        assertThat(limited.mayTouch(Grant.Kind.COLLECTION, "notes")).isTrue();
        assertThat(limited.mayTouch(Grant.Kind.STREAM, "users/1")).isFalse();
    }

    @Test
    void theTwoWithoutLimitsMayDoEverything() {
        for (Principal principal : List.of(Principal.local(), Principal.admin("root"))) {
            assertThat(Scope.values()).allMatch(principal::may);
            assertThat(principal.namespace()).isEmpty();
            assertThat(principal.limited()).isFalse();
        }
        assertThat(Principal.admin("root").name()).isEqualTo("root");
    }

    @Test
    void scopesHaveTheNamesThatTokensUse() {
        assertThat(List.of(Scope.values())).extracting(Scope::text).containsExactly("read", "write", "admin");
    }
}
