-- Which entries a span of time can have: a row for each thousand entries, written with them. So a
-- condition on the time becomes one on the entries, also where the clock was set back, and no
-- table needs an index by time.

create table audit.time_span (
    first_entry bigint                      not null primary key,
    last_entry  bigint                      not null,
    since       timestamp(6) with time zone not null,
    until       timestamp(6) with time zone not null
);

-- What is there already is one span.
insert into audit.time_span (first_entry, last_entry, since, until)
select min(entry), max(entry), min(at), max(at) from (
    select entry, at from audit.login
    union all select entry, at from audit.connection_end
    union all select entry, at from audit.target_refused
    union all select entry, at from audit.session_start
    union all select entry, at from audit.session_end
    union all select entry, at from audit.command
    union all select entry, at from audit.command_judgement
    union all select entry, at from audit.command_line
    union all select entry, at from audit.configuration_change
    union all select entry, at from audit.audit_consulted
    union all select entry, at from audit.forward_open
    union all select entry, at from audit.forward_close
    union all select entry, at from audit.file_operation
) every
having count(*) > 0;

drop index audit.login_at;
drop index audit.target_refused_at;
drop index audit.session_start_at;
drop index audit.command_at;
drop index audit.configuration_change_at;
drop index audit.audit_consulted_at;
drop index audit.forward_open_at;
drop index audit.file_operation_at;
