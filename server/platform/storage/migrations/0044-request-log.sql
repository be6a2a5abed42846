-- The request log: what developers called, of which the interesting part is kept for a few days, and how much was not kept.

alter table corp add column request_log_days smallint not null default 7 check (request_log_days between 0 and 7);
comment on column corp.request_log_days is '0: its calls are not logged';

create table call_log (
  corp_id text not null references corp on delete cascade,
  request_id text not null,
  at timestamptz not null,
  dev_id text not null,
  path text not null,
  method text not null,
  code text not null,
  ms real not null,
  address text not null,
  params jsonb not null,
  primary key (corp_id, request_id)
);
comment on column call_log.request_id is 'x-request-id of the answer; unique, so that a batch which is written again is stored once';
comment on column call_log.at is 'when the call began';
comment on column call_log.params is 'the inputs that the call''s declaration lists as logged, shortened';
create index call_log_at on call_log (corp_id, at);
create index call_log_developer on call_log (corp_id, dev_id, at);
create index call_log_path on call_log (corp_id, path, at);
create index call_log_failed on call_log (corp_id, dev_id, at) where code <> '0';

create table call_gap (
  corp_id text not null references corp on delete cascade,
  dev_id text not null,
  minute timestamptz not null,
  reason text not null check (reason in ('pace', 'memory')),
  succeeded bigint not null,
  failed bigint not null,
  primary key (corp_id, dev_id, minute, reason)
);
comment on table call_gap is 'how many calls of a minute were not kept, on all nodes';
comment on column call_gap.reason is 'pace: more in a second than are kept; memory: the database was away for too long';
create index call_gap_minute on call_gap (corp_id, minute);
