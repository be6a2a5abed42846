-- additive
-- What the operator of many corps sees of all of them at once, and allows each. What a node of the version before counts during an
-- upgrade is in the rows that the sums are made of, and missing in the sums of that day.

alter table corp add column quotas jsonb not null default '{}';
comment on column corp.quotas is 'set by the operator: members, developers, callsPerDay, messagesPerDay; what is absent has no limit';

create table corp_call_day (
  corp_id text not null references corp on delete cascade,
  day date not null,
  calls bigint not null,
  failures bigint not null,
  primary key (corp_id, day)
);
comment on table corp_call_day is 'developer_usage added up by corp, in the transactions that write it: thousands of corps are read at once';
comment on column corp_call_day.day is 'in China';
insert into corp_call_day (corp_id, day, calls, failures)
  select d.corp_id, u.day, sum(u.calls), sum(u.failures)
  from developer_usage u join developer d on d.dev_id = u.dev_id group by 1, 2;

create table corp_message_day (
  corp_id text not null references corp on delete cascade,
  day date not null,
  messages bigint not null,
  primary key (corp_id, day)
);
comment on table corp_message_day is 'accepted messages by corp, counted in the transactions that accept them, also those that were pruned since';
comment on column corp_message_day.day is 'in China';
insert into corp_message_day (corp_id, day, messages)
  select corp_id, (created_at at time zone 'Asia/Shanghai')::date, count(*) from message group by 1, 2;

create index developer_of_corp on developer (corp_id);
