-- What lines of terminals turned out to be. A row of audit.command with a source is a line that was
-- entered; without a row here it is not decided.

alter table audit.command add column source varchar;
alter table audit.command add column confidence double precision;
alter table audit.command add column masked varchar;

create table audit.command_line (
    entry         bigint                      not null primary key,
    at            timestamp(6) with time zone not null,
    connection_id varchar(32)                 not null,
    session_id    varchar(32)                 not null,
    user_name     varchar                     not null,
    from_address  varchar                     not null,
    host          varchar                     not null,
    account       varchar                     not null,
    seq           bigint                      not null,
    line          varchar(16)                 not null,
    keystrokes    varchar                     not null,
    command       varchar                     not null,
    source        varchar                     not null,
    confidence    double precision            not null,
    prompt        varchar                     not null,
    masked        varchar                     not null
);
create index command_line_line on audit.command_line (session_id, seq);
