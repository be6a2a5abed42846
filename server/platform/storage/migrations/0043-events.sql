-- One number per corp for everything that developers are told, and the webhooks that tell them.

alter table directory_feed add column changed_seq bigint not null default 0;
update directory_feed set changed_seq = seq;
comment on column directory_feed.seq is 'the newest number, of a change or of another event';
comment on column directory_feed.changed_seq is 'the newest number of a change in directory_change, which is how far memory follows';

create table event_outbox (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  dev_id text not null,
  account text not null,
  type text not null,
  entity text not null,
  data jsonb not null,
  at timestamptz not null,
  primary key (corp_id, id)
);
comment on table event_outbox is 'events that have no number yet; written in the transaction that makes them true';
comment on column event_outbox.dev_id is 'the only developer who is told; empty: whoever may use the account';

create table event (
  corp_id text not null references corp on delete cascade,
  seq bigint not null,
  dev_id text not null,
  account text not null,
  type text not null,
  entity text not null,
  data jsonb not null,
  at timestamptz not null,
  primary key (corp_id, seq)
);
comment on table event is 'events other than those of the address book, which are rows of directory_change under the same numbers';
comment on column event.account is 'original id of an official account; empty where dev_id is set';
comment on column event.entity is 'what the event is about; events of one entity are told in order';
comment on column event.data is 'what the event names; its content is read where it belongs when it is told';
create index event_time on event (corp_id, at);

create table webhook (
  corp_id text not null references corp on delete cascade,
  id text not null,
  dev_id text not null references developer on delete cascade,
  url text not null,
  types text[] not null,
  description text not null,
  secret text not null,
  old_secret text,
  old_ends_at timestamptz,
  is_on boolean not null default true,
  off_reason text,
  off_at timestamptz,
  seq bigint not null,
  failing_since timestamptz,
  failures int not null default 0,
  paused_until timestamptz,
  succeeded_at timestamptz,
  created_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column webhook.types is 'types of events or the beginnings of types; empty: all';
comment on column webhook.secret is 'whsec_…, sealed';
comment on column webhook.old_secret is 'the secret before, sealed, which signs too until old_ends_at';
comment on column webhook.off_reason is 'why it was switched off: failing, gone, or null by its developer';
comment on column webhook.seq is 'the number up to which deliveries were made of the feed';
comment on column webhook.failures is 'attempts that failed since the last success';
comment on column webhook.paused_until is 'nothing is sent before, because everything failed lately';
create index webhook_developer on webhook (dev_id);

create table webhook_delivery (
  corp_id text not null,
  webhook_id text not null,
  seq bigint not null,
  type text not null,
  entity text not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed', 'skipped')),
  attempts int not null default 0,
  tries int not null default 0,
  created_at timestamptz not null,
  first_at timestamptz,
  next_at timestamptz not null,
  ended_at timestamptz,
  status int,
  error text,
  primary key (corp_id, webhook_id, seq),
  foreign key (corp_id, webhook_id) references webhook on delete cascade
);
comment on column webhook_delivery.state is 'skipped: when it was due, its developer could not see it any more';
comment on column webhook_delivery.attempts is 'all that were made; tries are those since it was last made due';
comment on column webhook_delivery.first_at is 'the first of the tries';
comment on column webhook_delivery.status is 'of the last answer';
create index webhook_delivery_waiting on webhook_delivery (corp_id, webhook_id, entity, seq) where state = 'waiting';
create index webhook_delivery_failed on webhook_delivery (corp_id, webhook_id) where state = 'failed';
create index webhook_delivery_time on webhook_delivery (corp_id, created_at);

create table webhook_attempt (
  corp_id text not null,
  webhook_id text not null,
  seq bigint not null,
  n int not null,
  at timestamptz not null,
  ms int not null,
  status int,
  error text,
  content text not null,
  primary key (corp_id, webhook_id, seq, n),
  foreign key (corp_id, webhook_id, seq) references webhook_delivery on delete cascade
);
comment on column webhook_attempt.content is 'request and answer as JSON, sealed';
create index webhook_attempt_time on webhook_attempt (corp_id, at);
