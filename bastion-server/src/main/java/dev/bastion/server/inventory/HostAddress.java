package dev.bastion.server.inventory;

import dev.bastion.server.identity.InvalidValueException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a host listens. Written {@code web1.example.org}, {@code 10.0.0.7:2222} or {@code
 * [2001:db8::7]:22}.
 *
 * @param address a name or an address, without brackets
 * @param port 1 to 65535
 */
public record HostAddress(String address, int port) {

    /** Of SSH, RFC 4253 section 4. */
    public static final int DEFAULT_PORT = 22;

    private static final Pattern WRITTEN =
            Pattern.compile(
                    "(?:\\[([0-9A-Fa-f:.]{2,45}(?:%[0-9A-Za-z_.-]{1,15})?)\\]"
                            + "|([0-9A-Za-z_](?:[0-9A-Za-z_.-]{0,252})))(?::([0-9]{1,5}))?");
    private static final Pattern BARE_IPV6 =
            Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");

    /**
     * Reads the written form.
     *
     * @throws InvalidValueException when it is not one
     */
    public static HostAddress parse(String text) {
        if (BARE_IPV6.matcher(text).matches() && text.length() <= 45) {
            return checkedIpv6(text, text, DEFAULT_PORT);
        }
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw wrong(text);
        }
        String digits = matcher.group(3);
        int port = digits == null ? DEFAULT_PORT : Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new InvalidValueException("the port in '" + text + "' must be 1 to 65535");
        }
        String ipv6 = matcher.group(1);
        if (ipv6 != null) {
            return checkedIpv6(text, ipv6, port);
        }
        String name = matcher.group(2);
        return new HostAddress(name == null ? "" : name, port);
    }

    private static HostAddress checkedIpv6(String text, String address, int port) {
        inet.ipaddr.IPAddress parsed = new inet.ipaddr.IPAddressString(address).getAddress();
        if (parsed == null || !parsed.isIPv6()) {
            throw wrong(text);
        }
        return new HostAddress(address, port);
    }

    private static InvalidValueException wrong(String text) {
        return new InvalidValueException(
                "'"
                        + (text.length() > 80 ? text.substring(0, 80) + "…" : text)
                        + "' is not an address: write HOST, HOST:PORT or [IPv6]:PORT");
    }

    /** As it is written, with the port. */
    @Override
    public String toString() {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }
}
