-- Whether algorithms that are broken may be spoken with a host that knows no better ones.
alter table bastion.host add column legacy boolean default false not null;
