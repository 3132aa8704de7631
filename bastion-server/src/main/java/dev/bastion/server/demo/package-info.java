/**
 * Hosts to try Bastion on, without any other machine: SSH servers on loopback that give a real
 * shell in a real PTY as the user who runs them. No part of the way from operator to host; besides
 * the gateway the only package that may use MINA's server. Enter at {@link
 * dev.bastion.server.demo.DemoHost}.
 */
@NullMarked
package dev.bastion.server.demo;

import org.jspecify.annotations.NullMarked;
