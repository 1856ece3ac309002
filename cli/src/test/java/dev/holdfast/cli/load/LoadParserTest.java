package dev.holdfast.cli.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadParserTest {
    private final LoadParser parser = new LoadParser();
    private final StringBuilder body = new StringBuilder();

    private void keep(ByteBuffer bytes) {
        body.append(ISO_8859_1.decode(bytes));
    }

    /** Feeds an answer in pieces; says whether it was complete with the last byte, and not before. */
    private boolean feed(String answer, int piece) throws IOException {
        byte[] bytes = answer.getBytes(ISO_8859_1);
        for (int from = 0; from < bytes.length; from += piece) {
            int length = Math.min(piece, bytes.length - from);
            boolean last = from + length == bytes.length;
            if (parser.feed(ByteBuffer.wrap(bytes, from, length)) != last) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void readsACountedBody(int piece) throws IOException {
        parser.begin(false, this::keep);

        assertThat(feed("HTTP/1.1 200 OK\r\nX: 1\r\nCONTENT-length: 5\r\n\r\nhello", piece))
                .isTrue();
        assertThat(parser.status()).isEqualTo(200);
        assertThat(parser.header("x")).contains("1");
        assertThat(parser.header("y")).isEmpty();
        assertThat(parser.last()).isFalse();
        assertThat(body).hasToString("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void readsChunks(int piece) throws IOException {
        parser.begin(false, this::keep);

        String answer = String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "5;a=b",
                "hello",
                "B",
                ", how @ you",
                "0",
                "Trailer: 1",
                "",
                "");
        assertThat(feed(answer, piece)).isTrue();
        assertThat(body).hasToString("hello, how @ you");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n"
            })
    void anAnswerMayHaveNoBody(String answer) throws IOException {
        parser.begin(false, this::keep);

        assertThat(feed(answer, 1)).isTrue();
        assertThat(parser.status()).isIn(201, 204);
        assertThat(parser.last()).isTrue();
    }

    @Test
    void aBodyWithoutAnEndEndsWithTheConnection() throws IOException {
        parser.begin(false, this::keep);

        assertThat(parser.feed(ISO_8859_1.encode("HTTP/1.1 200 OK\r\n\r\nall"))).isFalse();
        assertThat(parser.closed()).isTrue();
        assertThat(parser.last()).isTrue();
        assertThat(body).hasToString("all");
    }

    @Test
    void anAnswerThatIsCutIsNone() throws IOException {
        parser.begin(false, this::keep);

        parser.feed(ISO_8859_1.encode("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"));

        assertThat(parser.closed()).isFalse();
    }

    @Test
    void whatIsNoHttpIsRefused() {
        parser.begin(false, this::keep);

        assertThatThrownBy(() -> feed("SSH-2.0-Something else\r\n\r\n", 1_000)).isInstanceOf(IOException.class);
    }
}
