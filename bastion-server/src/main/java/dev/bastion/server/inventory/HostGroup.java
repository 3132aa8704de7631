package dev.bastion.server.inventory;

/** Hosts that are granted together; each host says which groups it is in. Immutable. */
public record HostGroup(String name, String description) {}
