-- Recordings of sessions' terminals, when they are closed, and where in them a line is.

create table audit.recording (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    file          varchar                     not null,
    bytes         bigint                      not null,
    sha256        varchar                     not null,
    complete      boolean                     not null
);
create index recording_session on audit.recording (session_id, entry);

alter table audit.command_line add column recording_at bigint;
