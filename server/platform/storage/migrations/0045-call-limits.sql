-- Limits of calls: what developers may call, where it differs from the standard, and how much they did.

alter table corp add column call_limits jsonb not null default '{}';
comment on column corp.call_limits is 'of its developers who have none of their own, by group of calls: perMinute, perDay; {}: the standard';
alter table developer add column call_limits jsonb not null default '{}';
comment on column developer.call_limits is 'as corp.call_limits; {}: the corp''s';

create table call_use (
  corp_id text not null references corp on delete cascade,
  dev_id text not null,
  day date not null,
  call_group text not null,
  used bigint not null,
  refused bigint not null,
  primary key (corp_id, dev_id, day, call_group)
);
comment on table call_use is 'calls of all nodes together; each node adds its own every second and reads the sum';
comment on column call_use.day is 'in China';
comment on column call_use.refused is 'beyond a limit; not in used';
create index call_use_age on call_use (corp_id, day);
