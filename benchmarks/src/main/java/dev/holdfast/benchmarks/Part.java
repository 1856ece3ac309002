package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Contestants that are compared with each other, and what the comparison should show. */
final class Part {
    private final String name;
    private final String title;
    private final Map<String, Contestant> contestants = new LinkedHashMap<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<Set<String>> sameWork = new ArrayList<>();

    private boolean durable;

    Part(String name, String title) {
        this.name = name;
        this.title = title;
    }

    Part contestant(String contestantName, Contestant contestant) {
        contestants.put(contestantName, contestant);
        return this;
    }

    Part target(Target target) {
        targets.add(target);
        return this;
    }

    /** These contestants must find the same when they check their work. */
    Part same(String... names) {
        sameWork.add(Set.of(names));
        return this;
    }

    /** What the contestants write is on the disk when they go on, so syncs are counted. */
    Part durably() {
        durable = true;
        return this;
    }

    boolean durable() {
        return durable;
    }

    String name() {
        return name;
    }

    String title() {
        return title;
    }

    Set<String> contestants() {
        return contestants.keySet();
    }

    List<Target> targets() {
        return targets;
    }

    Contestant contestant(String contestantName) {
        Contestant contestant = contestants.get(contestantName);
        if (contestant == null) {
            throw new IllegalArgumentException("part " + name + " has no contestant " + contestantName);
        }
        return contestant;
    }

    /** Refuses a round in which contestants that should have done the same did not. */
    void check(Round round) {
        for (Set<String> names : sameWork) {
            List<String> found = names.stream()
                    .map(each -> round.of(each).check())
                    .distinct()
                    .toList();
            if (found.size() != 1) {
                throw new IllegalStateException(name + ": " + names + " did not do the same: " + found);
            }
        }
    }
}
