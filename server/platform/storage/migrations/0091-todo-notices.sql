-- additive
-- Whom wisp reminds of which to-do: a row for each, so that nobody is reminded twice.

create table todo_notice (
  corp_id text not null references corp on delete cascade,
  id bigint not null generated always as identity,
  todo_id bigint not null,
  to_id bigint not null,
  kind text not null,
  at timestamptz not null,
  created_at timestamptz not null,
  batch text,
  ended_at timestamptz,
  outcome text,
  primary key (corp_id, id)
);
comment on column todo_notice.to_id is 'member.id of whoever is told';
comment on column todo_notice.kind is 'remind: who has it; escalate: a leader, or an owner of the app';
comment on column todo_notice.at is 'the moment that it is about; with to-do, kind and person it exists once';
comment on column todo_notice.batch is 'the message that tells of it; chosen before the message is accepted';
comment on column todo_notice.outcome is 'told, or why not: moot (ended in between), unreached';
create unique index todo_notice_once on todo_notice (corp_id, todo_id, kind, at, to_id);
create index todo_notice_open on todo_notice (corp_id, to_id) where ended_at is null;
create index todo_notice_told on todo_notice (corp_id, to_id, ended_at) where outcome = 'told';
create index todo_notice_made on todo_notice (created_at);
