/** The settings of a bastion: named limits and places, and the file that changes them. */
@NullMarked
package dev.bastion.server.config;

import org.jspecify.annotations.NullMarked;
