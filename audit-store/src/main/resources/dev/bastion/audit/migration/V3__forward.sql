-- Connections forwarded through hosts.

create table audit.forward_open (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    direction     varchar                     not null,
    destination   varchar                     not null
);
create index forward_open_user on audit.forward_open (user_name, entry);
create index forward_open_host on audit.forward_open (host, entry);
create index forward_open_session on audit.forward_open (session_id);
create index forward_open_at on audit.forward_open (at, entry);

create table audit.forward_close (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    to_host       bigint                      not null,
    to_operator   bigint                      not null
);
create index forward_close_session on audit.forward_close (session_id);
