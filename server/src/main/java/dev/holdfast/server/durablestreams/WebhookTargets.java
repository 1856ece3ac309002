package dev.holdfast.server.durablestreams;

import dev.holdfast.engine.InvalidInputException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which webhooks may be called: those on the public internet by TLS, so that nobody reaches through this server what
 * only it can reach. The text is looked at when a subscription is made, and the addresses that the name has each time
 * before it is called.
 */
final class WebhookTargets {
    /** The code of what is refused. */
    static final String REJECTED = "subscription.webhook_url";

    private static final Pattern NUMBERS = Pattern.compile("(0[xX][0-9a-fA-F.xX]*|[0-9.]+)");
    private static final Pattern DOTTED =
            Pattern.compile("(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");
    private static final Pattern NAME = Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?" + "(\\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*\\.?");

    private final boolean loopback;

    /** Targets on the public internet, and on loopback where that is allowed. */
    WebhookTargets(boolean loopback) {
        this.loopback = loopback;
    }

    /** Checks the text of a URL; looks nothing up. */
    URI requireUrl(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new InvalidInputException(REJECTED, "the URL of a webhook is none", e);
        }
        String host = url.getHost();
        if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw rejected("the URL of a webhook has a host, and neither credentials nor a fragment");
        }
        boolean near = loopback && isLoopback(host);
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        if (!secure && !(near && "http".equalsIgnoreCase(url.getScheme()))) {
            throw rejected("the URL of a webhook begins with https://");
        }
        if (!near) {
            requireName(host);
        }
        return url;
    }

    private static void requireName(String host) {
        if (NUMBERS.matcher(host).matches()) {
            requirePublic(dotted(host));
        } else if (!NAME.matcher(host).matches() || isLoopback(host)) {
            throw rejected("the host of a webhook is a name or an IPv4 address on the public internet");
        }
    }

    /** An address as it is usually written; other forms of numbers are refused, whatever they mean. */
    private static InetAddress dotted(String host) {
        Matcher parts = DOTTED.matcher(host);
        if (parts.matches()) {
            byte[] bytes = new byte[4];
            for (int i = 0; i < bytes.length; i++) {
                int part = Integer.parseInt(parts.group(i + 1));
                if (part > 255) {
                    throw rejected("the host of a webhook is no address");
                }
                bytes[i] = (byte) part;
            }
            try {
                return InetAddress.getByAddress(bytes);
            } catch (UnknownHostException e) {
                throw new InvalidInputException(REJECTED, "the host of a webhook is no address", e);
            }
        }
        throw rejected("the host of a webhook is no address as it is usually written");
    }

    /**
     * Looks a host up, and checks all addresses that it has now. The JVM remembers them for as long as the call that
     * follows needs to connect.
     *
     * @throws UnknownHostException it has none
     */
    void requireReachable(URI url) throws UnknownHostException {
        String host = url.getHost();
        boolean near = loopback && isLoopback(host);
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (near) {
                if (!address.isLoopbackAddress()) {
                    throw rejected("the host of a webhook is loopback by its name and not by its address");
                }
            } else {
                requirePublic(address);
            }
        }
    }

    private static void requirePublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean open = address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
        if (!open) {
            throw rejected("the host of a webhook has an address that is not on the public internet");
        }
    }

    private static boolean isPublic4(byte[] bytes) {
        int a = bytes[0] & 0xff;
        int b = bytes[1] & 0xff;
        int c = bytes[2] & 0xff;
        return switch (a) {
            case 0, 10, 127 -> false;
            case 100 -> b < 64 || b > 127;
            case 169 -> b != 254;
            case 172 -> b < 16 || b > 31;
            case 192 -> b != 168 && (b != 0 || (c != 0 && c != 2)) && (b != 88 || c != 99);
            case 198 -> b != 18 && b != 19 && (b != 51 || c != 100);
            case 203 -> b != 0 || c != 113;
            default -> a < 224;
        };
    }

    /** Global unicast, but not what stands for an IPv4 address or for examples. */
    private static boolean isPublic6(byte[] bytes) {
        int first = pair(bytes, 0);
        int second = pair(bytes, 2);
        boolean global = first >= 0x2000 && first < 0x3ff0;
        boolean special = first == 0x2001 && (second < 0x200 || second == 0xdb8);
        return global && !special && first != 0x2002;
    }

    private static int pair(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) + (bytes[at + 1] & 0xff);
    }

    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || (DOTTED.matcher(name).matches() && name.startsWith("127."));
    }

    private static InvalidInputException rejected(String message) {
        return new InvalidInputException(REJECTED, message);
    }
}
