package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.search.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The data set to try things with: the regions of the world, one entry each at {@code regions/COUNTRY/CODE}, and a
 * full-text index of their names.
 */
final class ExampleData {
    private static final String PREFIX = "regions";
    /** Written with the last of them; a load that was cut short has none, and is done again. */
    private static final Key LOADED = Key.of("examples", PREFIX);

    private static final int BATCH = 500;

    private ExampleData() {}

    /** Loads the file, unless all of it was loaded before. */
    static void load(Holdfast holdfast, Path file) throws IOException {
        Kv kv = holdfast.kv();
        if (kv.get(LOADED).isPresent()) {
            return;
        }
        // All of it is looked at first: a file that is none changes nothing.
        long regions = each(file, region -> {});
        kv.search()
                .createIndex(KeyPrefix.of(PREFIX), List.of("name", "type", "countryName"), Tokenizer.UNICODE61, false);
        List<Region> batch = new ArrayList<>();
        each(file, region -> {
            batch.add(region);
            if (batch.size() == BATCH) {
                set(kv, batch).commit();
                batch.clear();
            }
        });
        set(kv, batch).set(LOADED, Map.of("loaded", regions)).commit();
    }

    private static KvAtomic set(Kv kv, List<Region> regions) {
        KvAtomic atomic = kv.atomic();
        regions.forEach(region -> atomic.set(region.key(), region.value()));
        return atomic;
    }

    /** Hands out every region of the file; answers how many there are. */
    private static long each(Path file, Consumer<Region> out) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.accept(Region.of(line, ++number));
            }
            return number;
        }
    }

    private record Region(Key key, JsonNode value) {
        static Region of(String line, long number) {
            JsonNode region = Json.parseLine(line, number);
            JsonNode country = region.path("country");
            JsonNode code = region.path("id");
            if (!country.isString() || !code.isString()) {
                throw new InvalidInputException(
                        "cli.example", "line " + number + " is no region: it has no texts country and id");
            }
            return new Region(Key.of(PREFIX, country.stringValue(), code.stringValue()), region);
        }
    }

    /** Three commands that work as they are. */
    static String whatToTry(URI baseUrl) {
        String api = baseUrl + "/keyval/api";
        return """
                try, in another terminal:
                  find    curl -s %1$s/keys/list \
                -d '{"prefix":["regions"],"where":{"type":"Canton","level":1},"limit":3}'
                  search  curl -s '%1$s/search?prefix=regions&query=sao+paulo'
                  watch   curl -sN '%1$s/watch/prefix?prefix=regions/CH&limit=2'
                """.formatted(api).stripTrailing();
    }
}
