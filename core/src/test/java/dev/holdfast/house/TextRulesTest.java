package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextRulesTest {
    @Test
    void reportsJavaFilesBeyondTheLineLimit() {
        String full = "// line\n".repeat(FileLengthRule.LINES_MAX);
        var checkout =
                Checkout.of("a/Full.java", full, "a/Over.java", full + "// one more\n", "a/long.md", full.repeat(2));

        var findings = new FileLengthRule().findings(checkout);

        assertThat(findings).hasToString("[a/Over.java:601: file has 601 lines, 600 allowed]");
    }

    @Test
    void reportsJavaLinesBeyondTheColumnLimit() {
        String full = "// " + "x".repeat(117);
        String fullOfPairs = "// " + "\uD83D\uDE00".repeat(117);
        var checkout = Checkout.of("A.java", full + "\n" + full + "x\n" + fullOfPairs + "\n", "a.md", full + "x");

        var findings = new LineLengthRule().findings(checkout);

        assertThat(findings).hasToString("[A.java:2: line has 121 columns, 120 allowed]");
    }

    @Test
    void reportsTabsAndSpacesAtLineEnds() {
        var checkout = Checkout.of("a.md", "good\nbad \nworse\there\n", "data.ndjson", "1\t \n", "LICENSE-X", " \n");

        var findings = new WhitespaceRule().findings(checkout);

        assertThat(findings).hasToString("[a.md:2: space at the end of the line, a.md:3: tab in column 6, use spaces]");
    }

    @Test
    void reportsMarksOfUnfinishedWork() {
        String todo = "TO" + "DO";
        String fixme = "FIX" + "ME";
        var checkout = Checkout.of(
                "A.java", "// " + todo + " later\nint todo; // done\n", "b.sql", "-- " + fixme, "c.md", "no " + todo);

        var findings = new LeftOverRule().findings(checkout);

        assertThat(findings)
                .hasToString("[A.java:1: " + todo + ": finish it or write an issue, b.sql:1: " + fixme
                        + ": finish it or write an issue]");
    }

    @Test
    void reportsTwoOtherMarksButNotTemplatesOfThem() {
        String crosses = "X".repeat(3);
        String hack = "HA" + "CK";
        var checkout = Checkout.of("run.sh", "mktemp a." + "X".repeat(6) + "\n# " + crosses + "\n# " + hack + "\n");

        var findings = new LeftOverRule().findings(checkout);

        assertThat(findings).extracting(Finding::line).containsExactly(2, 3);
    }

    @Test
    void reportsRegistryHosts() {
        var checkout = Checkout.of(
                "a.xml", "<url>https://repo" + ".maven.apache.org/maven2</url>",
                "b.json", "\"https://registry" + ".npmjs.org/x\"",
                "c.md", "from deb" + ".debian.org\nfrom maven.apache.org, whose schema is fine");

        var findings = new ForeignWordsRule().findings(checkout);

        assertThat(findings).extracting(Finding::path).containsExactly("a.xml", "b.json", "c.md");
    }

    @Test
    void reportsFoldersOfOneMachine() {
        var checkout = Checkout.of(
                "a.md",
                "see /wo" + "rk/notes.md\nsee src/work/notes.md\n/work is a route",
                "b.sh",
                "ls x/." + "library");

        var findings = new ForeignWordsRule().findings(checkout);

        assertThat(findings).extracting(f -> f.path() + f.line()).containsExactly("a.md1", "b.sh1");
    }

    @Test
    void reportsEpisodesOfTheWritingButNotDatabaseSessions() {
        var checkout = Checkout.of("a.md", "done in an earlier ses" + "sion\na PostgreSQL session holds the lock\n");

        var findings = new ForeignWordsRule().findings(checkout);

        assertThat(findings).extracting(Finding::line).containsExactly(1);
    }
}
