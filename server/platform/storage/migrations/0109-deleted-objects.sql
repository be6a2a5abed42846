-- additive
-- Apps and developers that were deleted, as they were, so that they can be brought back for 30 days. Beside them: whose each passkey says it
-- is, and the open streams of events.

create table deleted_object (
  corp_id text not null references corp on delete cascade,
  kind text not null check (kind in ('app', 'developer')),
  id text not null,
  name text not null,
  deleted_at timestamptz not null,
  deleted_by text not null,
  rows text not null,
  primary key (corp_id, kind, id)
);
create index deleted_object_age on deleted_object (deleted_at);
comment on column deleted_object.deleted_by is 'the actor, as in the audit log';
comment on column deleted_object.rows is 'sealed: JSON of its rows by table, with sealed values of theirs opened';

alter table passkey add column user_handle text;
comment on column passkey.user_handle is 'which the authenticator says with each answer; null for a passkey of an earlier version that was not used since';

create unlogged table event_stream (
  id bigint generated always as identity primary key,
  node text not null,
  dev_id text not null,
  opened_at timestamptz not null default clock_timestamp()
);
create index event_stream_developer on event_stream (dev_id);
comment on table event_stream is 'open streams of events, of which a developer may have so many on all nodes together';
