-- What administrators are told of, and what it is found from: refused secrets and channels that upstream refuses.

create table alert (
  id bigint generated always as identity primary key,
  corp_id text references corp on delete cascade,
  cause text not null,
  subject text not null default '',
  detail jsonb not null,
  since timestamptz not null,
  tried_at timestamptz,
  told_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  ended_at timestamptz
);
comment on column alert.corp_id is 'null: of the installation';
comment on column alert.subject is 'which of several, such as a channel or an agent';
comment on column alert.detail is 'parameters of the cause''s words';
comment on column alert.tried_at is 'when it was last tried to tell somebody; null: never';
comment on column alert.told_at is 'when a message to administrators was accepted; null: nobody was reached';
create unique index alert_open on alert (coalesce(corp_id, ''), cause, subject) where ended_at is null;
create index alert_recent on alert (corp_id, since desc);

alter table upstream_credential add column refused integer, add column refused_at timestamptz;
comment on column upstream_credential.refused is 'the error code by which the upstream refused the secret; null: it did not, when it was last asked';

create table message_refusal (
  corp_id text not null references corp on delete cascade,
  channel text not null,
  agent_id integer not null,
  reason text not null,
  at timestamptz not null,
  primary key (corp_id, channel, agent_id)
);
comment on table message_refusal is 'the last time that upstream refused a channel because of its credentials or settings';
comment on column message_refusal.agent_id is '0 for channels without agents';
