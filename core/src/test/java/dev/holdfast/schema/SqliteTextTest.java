package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqliteTextTest {
    @Test
    void ignoresCaseSpacesAndComments() {
        assertThat(SqliteText.of("CREATE  INDEX a\n\tON b ( X ,y ) /* two\nlines */ WHERE x>1 -- last"))
                .isEqualTo("create index a on b (x, y) where x>1");
    }

    @Test
    void takesQuotesFromPlainNamesOnly() {
        assertThat(SqliteText.of("\"Plain\" `Plain` [Plain] \"Two Words\" \"a\"\"b\""))
                .isEqualTo("plain plain plain \"Two Words\" \"a\"\"b\"");
    }

    @Test
    void keepsLiteralsAsTheyAre() {
        assertThat(SqliteText.of("X = 'It''s  \"A\" -- B'")).isEqualTo("x = 'It''s  \"A\" -- B'");
    }

    @Test
    void startsAtAPart() {
        assertThat(SqliteText.from("create index a on b (c)", "(")).isEqualTo("(c)");
        assertThat(SqliteText.from("no such part", "(")).isEqualTo("no such part");
    }
}
