package dev.holdfast.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A table of packages and what each may use, top floor first.
 *
 * <p>A package may only point to rows below its own, so a table that can be built has no cycle, and neither has code
 * that keeps it.
 */
final class Arrows {
    private final String root;
    private final Map<String, Set<String>> targets = new LinkedHashMap<>();
    private final Map<String, Set<String>> libraries = new LinkedHashMap<>();

    /** An empty table of everything in and below one package. */
    Arrows(String root) {
        this.root = root;
    }

    /** Adds a row: a package and the packages that it may use, named below the root; {@code ""} is the root. */
    Arrows row(String from, String... to) {
        if (targets.containsKey(from)) {
            throw new IllegalArgumentException("two rows for " + from);
        }
        targets.put(from, new LinkedHashSet<>(List.of(to)));
        return this;
    }

    /** Allows a library, by the beginning of its package names, to the given packages only; without any, to all. */
    Arrows library(String prefix, String... users) {
        libraries.put(prefix, Set.of(users));
        return this;
    }

    /** Every dependency that the table does not allow, one line each; the table itself is checked first. */
    List<String> violations(JavaClasses classes) {
        List<String> violations = new ArrayList<>(tableFaults());
        Set<String> seen = new LinkedHashSet<>();
        for (JavaClass type : classes.stream()
                .sorted(Comparator.comparing(JavaClass::getName))
                .toList()) {
            String from = relative(type.getPackageName());
            if (!targets.containsKey(from)) {
                seen.add("package " + type.getPackageName() + " is not in the table");
                continue;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!target.isPrimitive() && !allows(from, target.getPackageName())) {
                    seen.add(type.getName() + " may not use " + target.getName());
                }
            }
        }
        violations.addAll(seen);
        return violations;
    }

    private List<String> tableFaults() {
        List<String> faults = new ArrayList<>();
        List<String> floors = List.copyOf(targets.keySet());
        targets.forEach((from, allowed) -> {
            for (String to : allowed) {
                if (floors.indexOf(to) <= floors.indexOf(from)) {
                    faults.add("the row of " + from + " points to " + to + ", which has no row below it");
                }
            }
        });
        return faults;
    }

    private boolean allows(String from, String targetPackage) {
        if (isOurs(targetPackage)) {
            String to = relative(targetPackage);
            return to.equals(from)
                    || Objects.requireNonNull(targets.get(from), from).contains(to);
        }
        return libraries.entrySet().stream()
                .filter(library -> (targetPackage + ".").startsWith(library.getKey() + "."))
                .max(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
                .map(library ->
                        library.getValue().isEmpty() || library.getValue().contains(from))
                .orElse(false);
    }

    private boolean isOurs(String name) {
        return (name + ".").startsWith(root + ".");
    }

    private String relative(String name) {
        return name.equals(root) ? "" : name.substring(root.length() + 1);
    }
}
