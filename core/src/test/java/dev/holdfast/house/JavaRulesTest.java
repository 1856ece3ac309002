package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JavaRulesTest {
    private static final String MAIN = "core/src/main/java/a/";

    @Test
    void reportsMethodsAndInitialisersBeyondTheLineLimit() {
        String full = "x();\n".repeat(MethodLengthRule.LINES_MAX - 2);
        var checkout = Checkout.of(
                "A.java",
                "class A {\n/**\n * Not counted.\n */\nvoid full() {\n" + full + "}\nvoid over() {\n" + full
                        + "x();\n}\n" + "static {\n" + full + "x();\n}\n}\n");

        var findings = new MethodLengthRule().findings(checkout);

        assertThat(findings)
                .hasToString("[A.java:65: method over has 61 lines, 60 allowed, "
                        + "A.java:126: initialiser has 61 lines, 60 allowed]");
    }

    @Test
    void reportsSleeps() {
        var checkout = Checkout.of("A.java", """
                class A {
                  Object o = (Runner) Thread::sleep;
                  void a() { Thread.sleep(1); }
                  void b() { java.util.concurrent.TimeUnit.SECONDS.sleep(1); }
                  void c() { bed.sleep(8); String s = "Thread.sleep(1)"; } // Thread.sleep(1)
                }
                """, "B.java", "import static java.lang.Thread.sleep;\nclass B {}\n");

        var findings = new ForbiddenCallRule().findings(checkout);

        assertThat(findings)
                .extracting(f -> f.path() + f.line())
                .containsExactlyInAnyOrder("A.java2", "A.java3", "A.java4", "B.java1");
    }

    @Test
    void reportsPrintedStackTraces() {
        var checkout = Checkout.of("A.java", "class A {\n void a(Exception e) {\n e.printStackTrace();\n }\n}\n");

        var findings = new ForbiddenCallRule().findings(checkout);

        assertThat(findings).hasToString("[A.java:3: printStackTrace: log it or throw it]");
    }

    @Test
    void reportsEmptyCatches() {
        var checkout = Checkout.of("A.java", """
                class A {
                  void a() {
                    try { x(); } catch (Bad e) { y(); }
                    try { x(); } catch (Bad | Worse e) { /* never mind */ }
                  }
                }
                """);

        var findings = new EmptyCatchRule().findings(checkout);

        assertThat(findings).hasToString("[A.java:4: empty catch of Bad | Worse]");
    }

    @Test
    void reportsDisabledTestsWithoutReason() {
        var checkout = Checkout.of("A.java", """
                class A {
                  @Disabled("needs a tape drive") void a() {}
                  @Disabled(value = "the same") void b() {}
                  @Disabled void c() {}
                  @org.junit.jupiter.api.Disabled("") void d() {}
                }
                """);

        var findings = new DisabledRule().findings(checkout);

        assertThat(findings).extracting(Finding::line).containsExactly(4, 5);
    }

    @Test
    void reportsPackagesWithoutInfo() {
        var checkout = Checkout.of(
                MAIN + "A.java",
                "package a;\nclass A {}\n",
                "core/src/main/java/module-info.java",
                "module a {}\n",
                "core/src/test/java/b/B.java",
                "package b;\nclass B {}\n");

        var findings = new PackageRule().findings(checkout);

        assertThat(findings).hasToString("[" + MAIN + "package-info.java:1: missing: say what the package is]");
    }

    @Test
    void reportsPackagesWithoutNullMarkedOrOverview() {
        var checkout = Checkout.of(
                "x/src/main/java/a/package-info.java", "/** A. */\n@NullMarked\npackage a;\n",
                "x/src/main/java/b/package-info.java", "/** B. */\npackage b;\n",
                "x/src/main/java/c/package-info.java", "// C.\n@org.jspecify.annotations.NullMarked\npackage c;\n");

        var findings = new PackageRule().findings(checkout);

        assertThat(findings)
                .extracting(f -> f.path().charAt(16) + " " + f.what())
                .containsExactly("b package is not @NullMarked", "c package has no overview");
    }

    @Test
    void reportsPublicTypesAndMethodsWithoutJavadoc() {
        String text = """
                public class A {
                  /** Documented. */
                  public void a() {}
                  public void b() {}
                  @Override public String toString() { return ""; }
                  void c() {}
                  public A() {}
                  public interface I {
                    void d();
                    private void e() {}
                    record R() {}
                  }
                  static class Hidden { public void f() {} }
                }
                """;
        var checkout = Checkout.of(MAIN + "A.java", text, "core/src/test/java/a/B.java", text);

        var findings = new JavadocRule().findings(checkout);

        assertThat(findings)
                .extracting(f -> f.line() + " " + f.what())
                .containsExactly(
                        "1 public type A has no Javadoc",
                        "4 public method b has no Javadoc",
                        "8 public type I has no Javadoc",
                        "9 public method d has no Javadoc",
                        "11 public type R has no Javadoc");
    }

    @Test
    void refusesAFileThatIsNoJava() {
        assertThatThrownBy(() -> Checkout.of("Broken.java", "class {"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Broken.java");
    }
}
