package dev.holdfast.benchmarks;

import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** The process in which one contestant runs; prints its outcome as one line of JSON. */
final class Child {
    private Child() {}

    /** Takes the names of a part and of a contestant, a folder, and the scale. */
    public static void main(String[] args) throws Exception {
        Contestant contestant = Parts.part(args[0]).contestant(args[1]);
        Outcome outcome = contestant.run(Path.of(args[2]), Double.parseDouble(args[3]));
        System.out.println(new JsonMapper().writeValueAsString(outcome));
    }
}
