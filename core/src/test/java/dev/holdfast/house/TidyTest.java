package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every rule over this repository. */
class TidyTest {
    private static final Checkout CHECKOUT = Checkout.ofThisBuild();

    static Stream<Arguments> rules() {
        return Stream.of(
                        new FileLengthRule(),
                        new MethodLengthRule(),
                        new LineLengthRule(),
                        new WhitespaceRule(),
                        new LeftOverRule(),
                        new ForbiddenCallRule(),
                        new EmptyCatchRule(),
                        new DisabledRule(),
                        new PackageRule(),
                        new JavadocRule(),
                        new ForeignWordsRule(),
                        new MarkdownLinkRule(),
                        new ArchitecturePathRule())
                .map(rule -> Arguments.of(rule.getClass().getSimpleName(), rule));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theCheckoutKeeps(String name, Rule rule) {
        var findings = rule.findings(CHECKOUT);

        String places = findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
        assertThat(places).as("%s, %d places", name, findings.size()).isEmpty();
    }
}
