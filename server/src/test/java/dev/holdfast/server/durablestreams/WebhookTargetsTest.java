package dev.holdfast.server.durablestreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.InvalidInputException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTargetsTest {
    private final WebhookTargets strict = new WebhookTargets(false);
    private final WebhookTargets developing = new WebhookTargets(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/hook",
                "https://example.com:8443/hook?x=1",
                "https://a-b.example.com./",
                "https://8.8.8.8/hook",
                "https://172.32.0.1/",
                "https://100.128.0.1/",
                "HTTPS://example.com/",
            })
    void thePublicInternetMayBeCalled(String url) {
        assertThat(strict.requireUrl(url)).isEqualTo(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hook",
                "https://",
                "https:///x",
                "ftp://example.com/",
                "http://example.com/",
                "https://user:secret@example.com/",
                "https://example.com/#x",
                "http://10.0.0.1/hook",
                "https://10.0.0.1/hook",
                "https://172.16.0.1/",
                "https://172.31.255.255/",
                "https://192.168.1.1/",
                "https://169.254.169.254/latest",
                "https://100.64.0.1/",
                "https://0.0.0.0/",
                "https://224.0.0.1/",
                "https://255.255.255.255/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0x7f.0.0.1/",
                "https://0177.0.0.1/",
                "https://1.2.3.256/",
                "https://[::1]/",
                "https://[2606:4700::1]/",
                "https://10.0.0.1 /",
            })
    void nothingElseMay(String url) {
        for (WebhookTargets targets : new WebhookTargets[] {strict, developing}) {
            InvalidInputException refused =
                    catchThrowableOfType(InvalidInputException.class, () -> targets.requireUrl(url));
            assertThat(refused).as(url).isNotNull();
            assertThat(refused.code()).isEqualTo(WebhookTargets.REJECTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1/x", "http://127.0.0.1/x", "https://127.1.2.3/x", "https://LOCALHOST/"})
    void loopbackMayBeCalledWhereThatIsAllowed(String url) throws Exception {
        developing.requireReachable(developing.requireUrl(url));

        assertThatThrownBy(() -> strict.requireUrl(url)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void theAddressOfANameIsLookedAtToo() {
        // Whoever owns a name may let it mean any address.
        assertThatThrownBy(() -> strict.requireReachable(URI.create("https://localhost/")))
                .isInstanceOf(InvalidInputException.class);
    }
}
