package dev.holdfast.house;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A relative link of a Markdown page leads to a file of the checkout, and its {@code #anchor} to a heading there. */
final class MarkdownLinkRule implements Rule {
    private static final Pattern OUTSIDE = Pattern.compile("^([a-z][a-z0-9+.-]*:|//).*", Pattern.CASE_INSENSITIVE);

    @Override
    public List<Finding> findings(Checkout checkout) {
        List<Finding> findings = new ArrayList<>();
        checkout.texts().filter(TextFile::isMarkdown).forEach(page -> {
            for (Markdown.Piece link : new Markdown(page.text()).links()) {
                fault(checkout, page, link.text())
                        .ifPresent(what -> findings.add(new Finding(page.path(), link.line(), what)));
            }
        });
        return findings;
    }

    private static Optional<String> fault(Checkout checkout, TextFile page, String link) {
        if (OUTSIDE.matcher(link).matches()) {
            return Optional.empty();
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        String target = file.isEmpty() ? page.path() : resolve(page, URLDecoder.decode(file, StandardCharsets.UTF_8));
        if (!checkout.holds(target)) {
            return Optional.of("link to " + link + " leads to no file");
        }
        String anchor = hash < 0 ? "" : link.substring(hash + 1);
        boolean anchorIsKnown = anchor.isEmpty()
                || !target.endsWith(".md")
                || checkout.text(target)
                        .map(text -> new Markdown(text.text()).anchors().contains(anchor))
                        .orElse(false);
        return anchorIsKnown ? Optional.empty() : Optional.of("link to " + link + " leads to no heading");
    }

    private static String resolve(TextFile page, String link) {
        Path base = Path.of(link.startsWith("/") ? "" : page.folder());
        String relative = link.startsWith("/") ? link.substring(1) : link;
        return base.resolve(relative).normalize().toString().replace('\\', '/');
    }
}
