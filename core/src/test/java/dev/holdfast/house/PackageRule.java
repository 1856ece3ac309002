package dev.holdfast.house;

import com.sun.source.tree.PackageTree;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Each package that ships has a {@code package-info} with an overview and {@code @NullMarked}. */
final class PackageRule implements Rule {
    private static final String INFO = "package-info.java";

    @Override
    public List<Finding> findings(Checkout checkout) {
        Map<String, List<JavaSource>> folders = checkout.java().stream()
                .filter(source -> source.file().isMain())
                .filter(source -> source.unit().getPackage() != null)
                .collect(Collectors.groupingBy(source -> source.file().folder()));
        return folders.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(folder -> findings(folder.getKey(), folder.getValue()))
                .toList();
    }

    private static Stream<Finding> findings(String folder, List<JavaSource> sources) {
        return sources.stream()
                .filter(source -> source.file().name().equals(INFO))
                .findFirst()
                .map(PackageRule::infoFindings)
                .orElseGet(() -> Stream.of(new Finding(folder + "/" + INFO, 1, "missing: say what the package is")));
    }

    private static Stream<Finding> infoFindings(JavaSource info) {
        PackageTree declaration = info.unit().getPackage();
        Stream.Builder<Finding> findings = Stream.builder();
        boolean nullMarked = declaration.getAnnotations().stream()
                .map(annotation -> annotation.getAnnotationType().toString())
                .anyMatch(type -> type.equals("NullMarked") || type.endsWith(".NullMarked"));
        if (!nullMarked) {
            findings.add(info.finding(declaration, "package is not @NullMarked"));
        }
        if (!info.file().text().contains("/**")) {
            findings.add(info.finding(declaration, "package has no overview"));
        }
        return findings.build();
    }
}
