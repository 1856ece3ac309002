package dev.holdfast.stream;

/**
 * A pattern of stream names: parts between slashes, of which {@code *} stands for one part that is not empty, or inside
 * a part for any characters, and {@code **} for any number of parts. Matching takes no longer than the product of the
 * lengths.
 */
final class StreamPattern {
    private static final String PARTS = "**";

    private final String[] parts;

    StreamPattern(String text) {
        this.parts = text.split("/", -1);
    }

    /** What every name begins with that matches. */
    String prefix() {
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            int star = parts[i].indexOf('*');
            if (parts[i].equals(PARTS)) {
                // No part at all is a match, too, and then there is no slash.
                return prefix.toString();
            }
            prefix.append(i == 0 ? "" : "/").append(star < 0 ? parts[i] : parts[i].substring(0, star));
            if (star >= 0) {
                return prefix.toString();
            }
        }
        return prefix.toString();
    }

    boolean matches(String name) {
        String[] given = name.split("/", -1);
        int part = 0;
        int at = 0;
        int star = -1;
        int taken = 0;
        while (at < given.length) {
            if (part < parts.length && parts[part].equals(PARTS)) {
                star = part++;
                taken = at;
            } else if (part < parts.length && one(parts[part], given[at])) {
                part++;
                at++;
            } else if (star >= 0) {
                part = star + 1;
                at = ++taken;
            } else {
                return false;
            }
        }
        while (part < parts.length && parts[part].equals(PARTS)) {
            part++;
        }
        return part == parts.length;
    }

    private static boolean one(String pattern, String text) {
        if (pattern.equals("*")) {
            return !text.isEmpty();
        }
        int in = 0;
        int at = 0;
        int star = -1;
        int taken = 0;
        while (at < text.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                taken = at;
            } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++taken;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}
