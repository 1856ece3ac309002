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
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

    private final Path file;
    private List<Region> regions = List.of();

    /** The data set in a file. */
    ExampleData(Path file) {
        this.file = file;
    }

    /** Reads all of the file: one that is none is refused. */
    void read() throws IOException {
        regions = regions(file);
    }

    /** Loads the file, unless all of it was loaded before. */
    void load(Holdfast holdfast) throws IOException {
        Kv kv = holdfast.kv();
        if (kv.get(LOADED).isPresent()) {
            return;
        }
        if (regions.isEmpty()) {
            read();
        }
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
        if (Files.isDirectory(file)) {
            throw new InvalidInputException("cli.example", "a folder holds no regions (file=" + file + ")");
        }
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        List<Region> regions = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                regions.add(Region.of(line, regions.size() + 1));
            }
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("cli.example", "the file is not text in UTF-8 (file=" + file + ")", e);
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
