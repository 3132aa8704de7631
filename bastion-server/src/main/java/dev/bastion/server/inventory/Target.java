package dev.bastion.server.inventory;

/** An account on a host: what a session goes to. Written {@code root@web1}. */
public record Target(String account, Host host) {

    @Override
    public String toString() {
        return account + "@" + host.name();
    }
}
