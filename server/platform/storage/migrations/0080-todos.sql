-- additive
-- What people have to do in the apps of the corp (统一待办), and the numbers on the apps' tiles.

create table todo (
  corp_id text not null references corp on delete cascade,
  id bigint not null generated always as identity,
  app_id text not null references app on delete cascade,
  todo_no text not null,
  member_id bigint not null,
  kind text not null,
  state text not null,
  title text not null,
  pc_url text not null,
  mobile_url text not null,
  sender text not null,
  process text not null,
  step text not null,
  content text not null,
  priority smallint not null,
  due_at timestamptz,
  finish_by text not null,
  version bigint,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  read_at timestamptz,
  ended_at timestamptz,
  primary key (corp_id, id)
);
comment on column todo.kind is 'todo: something to do; read: something to read';
comment on column todo.finish_by is 'app, or the person on the workbench';
comment on column todo.version is 'the sender''s milliseconds; what comes with an older one changes nothing';
comment on column todo.created_at is 'as the sender says';
comment on column todo.changed_at is 'when wisp last changed it, but for its reading';
comment on column todo.ended_at is 'when it was done or withdrawn';
create unique index todo_of_app on todo (corp_id, app_id, todo_no, member_id);
create index todo_of_person on todo (corp_id, member_id, state, kind, created_at desc, id desc);
create index todo_changed on todo (changed_at);

create table app_badge (
  corp_id text not null references corp on delete cascade,
  app_id text not null references app on delete cascade,
  member_id bigint not null,
  count integer not null,
  set_at timestamptz not null,
  primary key (corp_id, member_id, app_id)
);
comment on table app_badge is 'the number on an app''s tile, for apps that count themselves';
create index app_badge_set on app_badge (set_at);
