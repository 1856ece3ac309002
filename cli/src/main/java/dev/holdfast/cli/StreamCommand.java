package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.Streams;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Streams from the shell. */
@Command(
        name = "stream",
        description = "Append to streams and read them. Offsets count messages of a JSON stream, bytes of any other.",
        subcommands = {
            StreamCommand.Create.class,
            StreamCommand.Append.class,
            StreamReadCommands.Read.class,
            StreamReadCommands.Tail.class,
            StreamCommand.Head.class,
            StreamCommand.Close.class,
            StreamCommand.Fork.class,
            StreamKeepCommands.Trim.class,
            StreamKeepCommands.Retain.class,
            StreamKeepCommands.Compact.class,
            StreamCommand.Delete.class,
            StreamCommand.ListStreams.class
        })
final class StreamCommand {
    StreamCommand() {}

    /** A command on one stream. */
    abstract static class OnStream extends StoreCommand {
        @Parameters(index = "0", paramLabel = "STREAM", description = "its name")
        private String name = "";

        @Override
        final int run(Namespace rooms) throws Exception {
            return run(rooms, name);
        }

        /** Does the work and answers the exit code. */
        abstract int run(Namespace rooms, String stream) throws Exception;
    }

    /** How long a stream lives. */
    static final class Lifetime {
        @Option(
                names = "--ttl",
                paramLabel = "DURATION",
                description = "Ends so long after it was last used, as in 7d.")
        private @Nullable Duration ttl;

        @Option(names = "--expires-at", paramLabel = "TIME", description = "Ends then, as in 2027-01-01T00:00:00Z.")
        private @Nullable String expiresAt;

        OptionalLong ttlSeconds() {
            return ttl == null
                    ? OptionalLong.empty()
                    : StreamSpec.json().ttl(ttl).ttlSeconds();
        }

        Optional<String> expiresAt() {
            return Optional.ofNullable(expiresAt);
        }
    }

    /** Makes a stream. */
    @Command(name = "create", description = "Make a stream, or confirm that it was made in this way.")
    static final class Create extends OnStream implements MakesStore {
        @Mixin
        private Lifetime lifetime = new Lifetime();

        @Option(
                names = "--content-type",
                paramLabel = "TYPE",
                description = "Of what is appended. Default: ${DEFAULT-VALUE}.")
        private String contentType = StreamSpec.JSON;

        @Option(names = "--closed", description = "Closed from the beginning.")
        private boolean closed;

        @Override
        int run(Namespace rooms, String stream) {
            var spec = new StreamSpec(
                    Optional.of(contentType),
                    lifetime.ttlSeconds(),
                    lifetime.expiresAt(),
                    closed,
                    new byte[0],
                    Optional.empty());
            var made = rooms.stream(stream).create(spec);
            print(tree(made.info()).put("created", made.created()));
            return DONE;
        }
    }

    /** Appends to a stream. */
    @Command(
            name = "append",
            description =
                    "Append to a stream: the words given, or standard input. Each word or line is an append; lines keep"
                            + " their end, and a stream of JSON takes no blank ones.")
    static final class Append extends OnStream {
        @Parameters(index = "1..*", arity = "0..*", paramLabel = "CONTENT", description = "JSON, or text for others")
        private List<String> words = List.of();

        @Option(names = "--whole", description = "Standard input is one append, bytes as they come.")
        private boolean whole;

        @Option(names = "--close", description = "Close the stream with the last append.")
        private boolean close;

        @Override
        int run(Namespace rooms, String stream) throws IOException {
            DurableStream target = rooms.stream(stream);
            if (whole && !words.isEmpty()) {
                throw new InvalidInputException(
                        "cli.contradiction", "--whole is about standard input, and words were given as well");
            }
            if (whole) {
                print(done(target.append(last(StreamAppend.of(System.in.readAllBytes()), true))));
                return DONE;
            }
            if (words.isEmpty()) {
                return lines(target);
            }
            for (int i = 0; i < words.size(); i++) {
                byte[] content = words.get(i).getBytes(StandardCharsets.UTF_8);
                print(done(target.append(last(StreamAppend.of(content), i == words.size() - 1))));
            }
            return DONE;
        }

        /**
         * Every line is an append. A stream that holds no JSON gets it as it came, with its end, one that holds JSON
         * gets no blank ones.
         */
        private int lines(DurableStream target) throws IOException {
            boolean json = target.head().json();
            var in = new BufferedInputStream(System.in);
            long appends = 0;
            try {
                for (byte[] line = line(in); line.length > 0; line = line(in)) {
                    // Of a charset's name one would get a question mark for what is no UTF-8.
                    var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
                    if (!json || !text.toString().isBlank()) {
                        target.append(line);
                        appends++;
                    }
                }
            } catch (CharacterCodingException e) {
                throw new InvalidInputException(
                        "stream.encoding",
                        "standard input is not UTF-8; bytes as they come go in with --whole (appended=" + appends + ")",
                        e);
            } catch (InvalidInputException e) {
                throw new InvalidInputException(
                        e.code(), e.detail() + "; the lines before are stored (appended=" + appends + ")", e);
            }
            if (close) {
                target.close();
            }
            print(tree(target.head()).put("appends", appends));
            return DONE;
        }

        /** The bytes of a line with its end, which the last one gets too; none when there is none. */
        private static byte[] line(InputStream in) throws IOException {
            var line = new ByteArrayOutputStream();
            int next = in.read();
            while (next >= 0 && next != '\n') {
                line.write(next);
                next = in.read();
            }
            if (next == '\n' || line.size() > 0) {
                line.write('\n');
            }
            return line.toByteArray();
        }

        private StreamAppend last(StreamAppend append, boolean isLast) {
            return isLast && close ? append.andClose() : append;
        }

        private static ObjectNode done(StreamAppended appended) {
            return Json.mapper().createObjectNode().put("tail", appended.tail()).put("closed", appended.closed());
        }
    }

    /** Prints how a stream stands. */
    @Command(name = "head", description = "Print how a stream stands; exit code 1 when there is none.")
    static final class Head extends OnStream {
        @Override
        int run(Namespace rooms, String stream) {
            print(tree(rooms.stream(stream).head()));
            return DONE;
        }
    }

    /** Closes a stream. */
    @Command(name = "close", description = "Close a stream: it takes no more.")
    static final class Close extends OnStream {
        @Override
        int run(Namespace rooms, String stream) {
            DurableStream target = rooms.stream(stream);
            target.close();
            print(tree(target.head()));
            return DONE;
        }
    }

    /** Makes a copy of a stream that shares what both hold. */
    @Command(name = "fork", description = "Make a stream that begins as a copy of another and shares its content.")
    static final class Fork extends OnStream {
        @Parameters(index = "1", paramLabel = "NEW", description = "name of the copy")
        private String copy = "";

        @Option(names = "--offset", paramLabel = "N", description = "Only what stands before it. Default: everything.")
        private @Nullable Long offset;

        @Mixin
        private Lifetime lifetime = new Lifetime();

        @Override
        int run(Namespace rooms, String stream) {
            StreamFork fork = offset == null ? StreamFork.of(stream) : StreamFork.of(stream, offset);
            var spec = new StreamSpec(
                    Optional.empty(),
                    lifetime.ttlSeconds(),
                    lifetime.expiresAt(),
                    false,
                    new byte[0],
                    Optional.of(fork));
            var made = rooms.stream(copy).create(spec);
            print(tree(made.info()).put("created", made.created()));
            return DONE;
        }
    }

    /** Deletes a stream. */
    @Command(name = "delete", description = "Delete a stream; one with forks is kept for them, out of sight.")
    static final class Delete extends OnStream {
        @Override
        int run(Namespace rooms, String stream) {
            rooms.stream(stream).delete();
            print(Json.mapper().createObjectNode().put("deleted", true));
            return DONE;
        }
    }

    /** Prints streams, one JSON object per line. */
    @Command(name = "list", description = "Print the streams in the order of their names.")
    static final class ListStreams extends StoreCommand {
        @Parameters(
                paramLabel = "PREFIX",
                arity = "0..1",
                defaultValue = "",
                description = "what their names begin with")
        private String prefix = "";

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "Streams at most; 0: all of them. Default: ${DEFAULT-VALUE}.")
        private long limit = 100;

        @Override
        int run(Namespace rooms) {
            requireLimit(limit);
            long left = limit == 0 ? Long.MAX_VALUE : limit;
            String after = "";
            List<StreamInfo> page;
            do {
                page = rooms.streams().list(prefix, after, (int) Math.min(left, Streams.PAGE_MAX));
                for (StreamInfo info : page) {
                    print(tree(info));
                    after = info.name();
                }
                left -= page.size();
            } while (left > 0 && page.size() == Streams.PAGE_MAX);
            return DONE;
        }
    }

    /** A stream as JSON. */
    static ObjectNode tree(StreamInfo info) {
        ObjectNode tree = Json.mapper()
                .createObjectNode()
                .put("name", info.name())
                .put("contentType", info.contentType())
                .put("first", info.first())
                .put("tail", info.tail())
                .put("closed", info.closed());
        info.ttlSeconds().ifPresent(ttl -> tree.put("ttlSeconds", ttl));
        info.expiresAt().ifPresent(at -> tree.put("expiresAt", at));
        return tree;
    }

    /** Writes content: messages as they were sent, one a line, other content as it is. */
    static void write(StoreCommand command, StreamChunk chunk) throws IOException {
        if (chunk.info().json()) {
            chunk.messages().forEach(command::printAsSent);
        } else {
            command.out().flush();
            for (byte[] part : chunk.parts()) {
                System.out.write(part);
            }
            System.out.flush();
        }
    }
}
