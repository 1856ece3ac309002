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
        // All of it is read first: a file that is none changes nothing.
        List<Region> regions = regions(file);
        kv.search()
                .createIndex(KeyPrefix.of(PREFIX), List.of("name", "type", "countryName"), Tokenizer.UNICODE61, false);
        int from = 0;
        for (; regions.size() - from > BATCH; from += BATCH) {
            set(kv, regions.subList(from, from + BATCH)).commit();
        }
        set(kv, regions.subList(from, regions.size()))
                .set(LOADED, Map.of("loaded", regions.size()))
                .commit();
    }

    private static KvAtomic set(Kv kv, List<Region> regions) {
        KvAtomic atomic = kv.atomic();
        regions.forEach(region -> atomic.set(region.key(), region.value()));
        return atomic;
    }

    private static List<Region> regions(Path file) throws IOException {
        List<Region> regions = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                regions.add(Region.of(line, regions.size() + 1));
            }
        }
        return regions;
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
