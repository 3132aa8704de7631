-- What was done to files on hosts.

create table audit.file_operation (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    operation     varchar                     not null,
    path          varchar                     not null,
    target        varchar                     not null,
    bytes         bigint,
    sha256        varchar,
    result        varchar                     not null
);
create index file_operation_user on audit.file_operation (user_name, entry);
create index file_operation_host on audit.file_operation (host, entry);
create index file_operation_session on audit.file_operation (session_id, entry);
create index file_operation_at on audit.file_operation (at, entry);
