-- additive
-- What upstreams pushed in vain while the database did not answer, and how far the clocks of nodes are off.

create table missed_push (
  corp_id text not null references corp (corp_id) on delete cascade,
  stream text not null,
  account text not null,
  refused integer not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  primary key (corp_id, stream, account)
);
comment on table missed_push is 'pushes that were refused and that nobody can be asked for again, for administrators to be told';
comment on column missed_push.stream is 'official or agent';
comment on column missed_push.account is 'the original id of the official account, or the number of the agent';

alter table node add column ahead_ms integer not null default 0;
comment on column node.ahead_ms is 'how far the clock of its machine is ahead of the clock of the database';
