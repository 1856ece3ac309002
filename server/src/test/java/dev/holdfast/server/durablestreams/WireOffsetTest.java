package dev.holdfast.server.durablestreams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.DurableStream;
import org.junit.jupiter.api.Test;

class WireOffsetTest {
    @Test
    void placesHaveNamesWhereOneReads() {
        assertThat(WireOffset.parsePlace("-1")).hasValue(DurableStream.BEGINNING);
        assertThat(WireOffset.parsePlace("now")).hasValue(DurableStream.NOW);
        assertThat(WireOffset.parsePlace("0_7")).hasValue(7);
        assertThat(WireOffset.parsePlace("NOW")).isEmpty();
        assertThat(WireOffset.parsePlace("7")).isEmpty();
    }
}
