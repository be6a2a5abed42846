-- additive

alter table call_log add column reason text not null default '',
  add column mend text not null default '',
  add column unknown jsonb not null default '[]';
comment on column call_log.reason is 'why the call failed, in both languages and without what its caller sent';
comment on column call_log.mend is 'what makes the next such call succeed, such as scope message:send; empty where nothing simple does';
comment on column call_log.unknown is 'inputs that the call does not know, with the known name that each resembles; at most five';

alter table developer add column strict_inputs boolean not null default false;
comment on column developer.strict_inputs is 'whether calls with unknown inputs are refused; otherwise they are told of them';

create table people_read (
  corp_id text not null references corp on delete cascade,
  dev_id text not null,
  day date not null,
  path text not null,
  answers bigint not null,
  people bigint not null,
  primary key (corp_id, day, dev_id, path)
);
comment on table people_read is 'whose personal data left: people in the answers that a developer got from a call on a day';
comment on column people_read.people is 'each person counts once in an answer, and again in each further answer';
