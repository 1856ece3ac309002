package dev.holdfast.cli;

import dev.holdfast.cli.load.LoadTarget;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a commit of a server waits for, as its page of counters tells it. */
final class ServedDurability {
    private static final Pattern TOLD = Pattern.compile("holdfast_store\\{durability=\"([^\"]*)\"");
    private static final String UNKNOWN = "not told";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private ServedDurability() {}

    /** The durability, or that this server does not tell it. */
    static String of(LoadTarget target) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(
                            URI.create("http://" + target.host() + ":" + target.port() + "/metrics"))
                    .timeout(LIMIT);
            target.token().ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
            var answer = client.send(request.build(), BodyHandlers.ofString());
            Matcher told = TOLD.matcher(answer.body());
            return answer.statusCode() == 200 && told.find() ? told.group(1) : UNKNOWN;
        }
    }
}
