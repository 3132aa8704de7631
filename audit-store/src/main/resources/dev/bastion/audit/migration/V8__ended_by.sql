-- The key that ended a line of a terminal: of lines that a killed bastion left, some were given up.

alter table audit.command add column ended_by varchar;
