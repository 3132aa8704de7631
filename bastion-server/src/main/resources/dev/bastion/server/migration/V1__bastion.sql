-- What administrators keep. The audit trail is a schema of its own, in a database of its own.
create table users (
    name varchar(64) primary key,
    enabled boolean not null,
    password_hash varchar(255)
);
create table user_role (
    user_name varchar(64) not null references users (name) on delete cascade,
    role varchar(16) not null,
    primary key (user_name, role)
);
create table user_key (
    id bigint generated always as identity primary key,
    user_name varchar(64) not null references users (name) on delete cascade,
    key_type varchar(64) not null,
    key_base64 varchar(4096) not null,
    key_comment varchar(256) not null
);
create index user_key_user on user_key (user_name);
create table user_group (
    name varchar(64) primary key,
    description varchar(1024) not null
);
create table user_group_member (
    group_name varchar(64) not null references user_group (name) on delete cascade,
    user_name varchar(64) not null references users (name) on delete cascade,
    primary key (group_name, user_name)
);
create table host (
    name varchar(64) primary key,
    address varchar(255) not null,
    port integer not null,
    description varchar(1024) not null
);
create table host_label (
    host_name varchar(64) not null references host (name) on delete cascade,
    label varchar(64) not null,
    label_value varchar(64) not null,
    primary key (host_name, label)
);
create table host_key (
    id bigint generated always as identity primary key,
    host_name varchar(64) not null references host (name) on delete cascade,
    trusted boolean not null,
    key_type varchar(64) not null,
    key_base64 varchar(4096) not null,
    key_comment varchar(256) not null
);
create index host_key_host on host_key (host_name);
create table host_group (
    name varchar(64) primary key,
    description varchar(1024) not null
);
create table host_group_member (
    group_name varchar(64) not null references host_group (name) on delete cascade,
    host_name varchar(64) not null references host (name) on delete cascade,
    primary key (group_name, host_name)
);
create table account (
    host_name varchar(64) not null references host (name) on delete cascade,
    login varchar(64) not null,
    kind varchar(16) not null,
    sealed varbinary(65536) not null,
    primary key (host_name, login)
);
-- Exactly one of the two subjects and one of the three objects is set. Empty accounts mean all.
create table access_grant (
    id bigint generated always as identity primary key,
    user_name varchar(64) references users (name) on delete cascade,
    user_group varchar(64) references user_group (name) on delete cascade,
    host_name varchar(64) references host (name) on delete cascade,
    host_group varchar(64) references host_group (name) on delete cascade,
    label_selector varchar(1024),
    accounts varchar(4096) not null,
    rights varchar(255) not null,
    from_networks varchar(4096) not null,
    not_before timestamp(9) with time zone,
    until_time timestamp(9) with time zone
);
create table recent_target (
    user_name varchar(64) not null references users (name) on delete cascade,
    host_name varchar(64) not null references host (name) on delete cascade,
    login varchar(64) not null,
    used_at timestamp(9) with time zone not null,
    primary key (user_name, host_name, login)
);
