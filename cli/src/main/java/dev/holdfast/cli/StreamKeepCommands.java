package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamLimits;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.stream.StreamSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** What streams keep, from the shell. */
final class StreamKeepCommands {
    private StreamKeepCommands() {}

    /** Removes the old end of a stream. */
    @Command(
            name = "trim",
            description = "Remove what lies before an offset; readers of it are answered that it is gone.")
    static final class Trim extends StreamCommand.OnStream {
        @Parameters(index = "1", paramLabel = "OFFSET", description = "the first one that stays")
        private long offset;

        @Override
        int run(Namespace rooms, String stream) {
            rooms.stream(stream).trim(offset);
            print(StreamCommand.tree(rooms.stream(stream).head()));
            return DONE;
        }
    }

    /** Sets, or prints, how much a stream keeps. */
    @Command(
            name = "retain",
            description =
                    "Set how much a stream keeps: the limits that are given, and no others. Without any, print them."
                            + " What is beyond them goes now; later, while a program such as holdfast serve has the"
                            + " store open, or when they are set again.")
    static final class Retain extends StreamCommand.OnStream {
        private static final String LATER =
                "what is beyond the limits is gone; later it goes while a program such as holdfast serve has the store"
                        + " open, or when they are set again";
        private static final String AGE = "; age counts from when one of these first saw the content";

        @Option(names = "--age", paramLabel = "DURATION", description = "Content stays so long, as in 7d.")
        private @Nullable Duration age;

        @Option(names = "--bytes", paramLabel = "SIZE", description = "So many bytes stay, as in 64KiB or 1GiB.")
        private @Nullable ByteSize bytes;

        @Option(names = "--units", paramLabel = "N", description = "So many messages stay, or bytes of other content.")
        private @Nullable Long units;

        @Option(
                names = "--compact-units",
                paramLabel = "N",
                description = "Make a snapshot of the state when so many events were appended since the last one.")
        private @Nullable Long compactUnits;

        @Option(names = "--all", description = "Keep everything.")
        private boolean all;

        @Override
        int run(Namespace rooms, String stream) {
            DurableStream target = rooms.stream(stream);
            var wanted = new StreamRetention(
                    Optional.ofNullable(age),
                    optional(bytes == null ? null : bytes.bytes()),
                    optional(units),
                    optional(compactUnits));
            if (all && !wanted.equals(StreamRetention.all())) {
                throw new InvalidInputException(
                        "cli.contradiction", "--all keeps everything, and a limit was given as well");
            }
            if (all) {
                target.retain(StreamRetention.all());
            } else if (!wanted.equals(StreamRetention.all())) {
                target.retain(wanted);
                StreamRoom.of(whole().database()).sweep(rooms.name(), stream);
                tell(age == null ? LATER : LATER + AGE);
            }
            print(tree(target.retention()));
            return DONE;
        }

        private static OptionalLong optional(@Nullable Long value) {
            return value == null ? OptionalLong.empty() : OptionalLong.of(value);
        }

        private static ObjectNode tree(StreamRetention keeps) {
            ObjectNode tree = Json.mapper().createObjectNode();
            keeps.age().ifPresent(value -> tree.put("ageMillis", value.toMillis()));
            keeps.bytes().ifPresent(value -> tree.put("bytes", value));
            keeps.units().ifPresent(value -> tree.put("units", value));
            keeps.compactUnits().ifPresent(value -> tree.put("compactUnits", value));
            return tree;
        }
    }

    /** Makes a snapshot of a stream of state events. */
    @Command(
            name = "compact",
            description = "Append the present state of a stream of state events; what lies before goes after a time.")
    static final class Compact extends StreamCommand.OnStream {
        @Option(
                names = "--grace",
                paramLabel = "DURATION",
                description = "What lies before stays readable so long. Default: 10m.")
        private Duration grace = StreamLimits.GRACE;

        @Override
        int run(Namespace rooms, String stream) {
            StreamSnapshot made = rooms.stream(stream).compact(grace);
            print(Json.mapper()
                    .createObjectNode()
                    .put("start", made.start())
                    .put("end", made.end())
                    .put("rows", made.rows()));
            return DONE;
        }
    }
}
