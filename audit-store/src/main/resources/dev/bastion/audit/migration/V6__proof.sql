-- What signs the ledger, what was removed of it, and what may not be.

create table audit.signing_key (
    entry        bigint                      not null primary key,
    at           timestamp(6) with time zone not null,
    actor        varchar                     not null,
    from_address varchar                     not null,
    public_key   varchar                     not null,
    note         varchar                     not null
);

create table audit.entries_removed (
    entry       bigint                      not null primary key,
    at          timestamp(6) with time zone not null,
    first_entry bigint                      not null,
    last_entry  bigint                      not null,
    hash        varchar                     not null,
    reason      varchar                     not null
);

create table audit.recording_removed (
    entry      bigint                      not null primary key,
    at         timestamp(6) with time zone not null,
    session_id varchar(32)                 not null,
    file_name  varchar                     not null,
    sha256     varchar                     not null,
    reason     varchar                     not null
);
create index recording_removed_session on audit.recording_removed (session_id);

create table audit.hold (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    actor         varchar                     not null,
    from_address  varchar                     not null,
    placed_as     varchar                     not null,
    hold_name     varchar                     not null,
    session_id    varchar                     not null,
    user_name     varchar                     not null,
    host          varchar                     not null,
    since_time    varchar                     not null,
    until_time    varchar                     not null,
    reason        varchar                     not null
);

create table audit.hold_release (
    entry        bigint                      not null primary key,
    at           timestamp(6) with time zone not null,
    actor        varchar                     not null,
    from_address varchar                     not null,
    hold_name    varchar                     not null,
    reason       varchar                     not null
);
create index hold_release_name on audit.hold_release (hold_name, entry);
