-- What people query of the ledger. Every row names the ledger entry it came from; nothing is
-- updated or deleted but the one row of projection. Runs on H2 and on PostgreSQL.

create table audit.projection (
    id       smallint    not null primary key check (id = 1),
    position bigint      not null,
    hash     varchar(64) not null
);
insert into audit.projection (id, position, hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

create table audit.login (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    method        varchar                     not null,
    credential    varchar                     not null,
    accepted      boolean                     not null,
    reason        varchar                     not null
);
create index login_user on audit.login (user_name, entry);
create index login_at on audit.login (at, entry);

create table audit.connection_end (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    reason        varchar                     not null
);
create index connection_end_connection on audit.connection_end (connection_id);

create table audit.target_refused (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    target        varchar                     not null,
    reason        varchar                     not null,
    detail        varchar                     not null
);
create index target_refused_user on audit.target_refused (user_name, entry);
create index target_refused_at on audit.target_refused (at, entry);

create table audit.session_start (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    kind          varchar(16)                 not null
);
create index session_start_user on audit.session_start (user_name, entry);
create index session_start_host on audit.session_start (host, entry);
create index session_start_at on audit.session_start (at, entry);
create index session_start_session on audit.session_start (session_id);

create table audit.session_end (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    reason        varchar                     not null,
    exit_status   integer,
    exit_signal   varchar
);
create index session_end_session on audit.session_end (session_id);

create table audit.command (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    seq           bigint                      not null,
    kind          varchar(16)                 not null,
    keystrokes    varchar                     not null,
    command       varchar                     not null
);
create index command_user on audit.command (user_name, entry);
create index command_session on audit.command (session_id, seq);
create index command_host on audit.command (host, entry);
create index command_at on audit.command (at, entry);

create table audit.command_judgement (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    seq           bigint                      not null,
    keystrokes    varchar                     not null,
    command       varchar                     not null
);
create index command_judgement_line on audit.command_judgement (session_id, seq);

create table audit.configuration_change (
    entry        bigint                      not null primary key,
    at           timestamp(6) with time zone not null,
    actor        varchar                     not null,
    from_address varchar                     not null,
    action       varchar                     not null,
    subject      varchar                     not null,
    before_state varchar                     not null,
    after_state  varchar                     not null
);
create index configuration_change_actor on audit.configuration_change (actor, entry);
create index configuration_change_at on audit.configuration_change (at, entry);

create table audit.audit_consulted (
    entry        bigint                      not null primary key,
    at           timestamp(6) with time zone not null,
    actor        varchar                     not null,
    from_address varchar                     not null,
    query        varchar                     not null,
    permitted    boolean                     not null
);
create index audit_consulted_actor on audit.audit_consulted (actor, entry);
create index audit_consulted_at on audit.audit_consulted (at, entry);
