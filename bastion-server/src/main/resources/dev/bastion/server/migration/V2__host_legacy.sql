-- Whether algorithms that are broken may be spoken with a host that knows no better ones.
alter table bastion.host add column if not exists legacy boolean default false not null;
