package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageRulesTest {
    @Test
    void reportsLinksThatLeadToNoFile() {
        var checkout = Checkout.of("docs/a.md", """
                [here](b.md), [up](../README.md), [root](/README.md), [folder](../docs), [out](https://x.org/y)
                [gone](c.md) and ![image](../img/x.png "title")
                `[code](no.md)`
                ```
                [fenced](no.md)
                ```
                [ref]: nowhere.md
                """, "docs/b.md", "", "README.md", "");

        var findings = new MarkdownLinkRule().findings(checkout);

        assertThat(findings)
                .extracting(f -> f.line() + " " + f.what())
                .containsExactly(
                        "2 link to c.md leads to no file",
                        "2 link to ../img/x.png leads to no file",
                        "7 link to nowhere.md leads to no file");
    }

    @Test
    void reportsAnchorsThatLeadToNoHeading() {
        var checkout = Checkout.of("a.md", """
                # Keys & values
                ## The `where` language: 2nd
                ## Limits
                ## Limits
                <a id="own"></a>
                [1](#keys--values) [2](a.md#the-where-language-2nd) [3](#limits-1) [4](#own)
                [5](#limits-2)
                [6](b.md#none)
                [7](C.java#L1)
                """, "b.md", "# Some\n", "C.java", "class C {}\n");

        var findings = new MarkdownLinkRule().findings(checkout);

        assertThat(findings)
                .extracting(f -> f.line() + " " + f.what())
                .containsExactly("7 link to #limits-2 leads to no heading", "8 link to b.md#none leads to no heading");
    }

    @Test
    void reportsPathsOfTheTreeThatDoNotExist() {
        var checkout = Checkout.of(
                "ARCHITECTURE.md",
                """
                # The house
                ```
                README.md  LICENSE (a licence)
                bin/holdfast    the launcher, limits/errors in one line
                core/           the library
                  dev.holdfast  front door
                  rooms, in one flat package each
                    kv/ stream/   keys, streams
                  kv/KvSql.java   the statements
                server/         not yet
                  kv/           not there
                ```
                ```java
                import dev.holdfast.nowhere;
                ```
                """,
                "README.md",
                "",
                "bin/holdfast",
                "",
                "core/src/main/java/dev/holdfast/kv/KvSql.java",
                "class KvSql {}\n");

        var findings = new ArchitecturePathRule().findings(checkout);

        assertThat(findings)
                .extracting(f -> f.line() + " " + f.what())
                .containsExactly(
                        "8 stream/ under core does not exist",
                        "10 server/ does not exist",
                        "11 kv/ under server does not exist");
    }

    @Test
    void reportsPathsInBackticksThatDoNotExist() {
        var checkout =
                Checkout.of("ARCHITECTURE.md", """
                Start with `kv/Kv.java`, then `engine/`.
                Call `GET /health/live` or `a/b` with `x -> y`.
                All in `dev.holdfast.kv`.
                """, "core/src/main/java/dev/holdfast/kv/Kv.java", "class Kv {}\n");

        var findings = new ArchitecturePathRule().findings(checkout);

        assertThat(findings).hasToString("[ARCHITECTURE.md:1: engine/ does not exist]");
    }
}
