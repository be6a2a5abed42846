-- The app centre: what people see of an app, who may see it, and its menu.

alter table app
  add column home_url text not null default '',
  add column mobile_url text not null default '',
  add column category text not null default '',
  add column description text not null default '',
  add column sort_no integer not null default 0,
  add column open_in text not null default 'top',
  add column origins text[] not null default '{}',
  add column sync_menu boolean not null default false,
  add column sync_url text not null default '',
  add column visible_to_all boolean not null default true,
  add column visible_departments bigint[] not null default '{}',
  add column visible_members bigint[] not null default '{}',
  add column visible_tags bigint[] not null default '{}',
  add column icon_hash text,
  add column menu_n integer,
  add column version integer not null default 1,
  add column updated_at timestamptz,
  add column updated_by text not null default '';
comment on column app.home_url is 'what a desktop opens; also a phone where mobile_url is empty, and the other way round';
comment on column app.sort_no is 'larger first';
comment on column app.open_in is 'top | frame: how a phone opens it';
comment on column app.origins is 'web origins of the app beside those of its home URLs: their pages may get a ticket';
comment on column app.visible_to_all is 'else: those in visible_departments and below, with visible_tags, or among visible_members';
comment on column app.visible_members is 'member.id: who is renamed stays';
comment on column app.icon_hash is 'SHA-256 of the icon, hex; null: none';
comment on column app.menu_n is 'the version of the menu that is shown; null: none';
comment on column app.version is 'moves with each save: who saves from an older one is refused';

create table app_icon (
  app_id text primary key references app on delete cascade,
  type text not null,
  bytes bytea not null
);

create table app_menu_version (
  app_id text not null references app on delete cascade,
  n integer not null,
  source text not null,
  menu jsonb not null,
  items integer not null,
  actor text not null,
  created_at timestamptz not null,
  primary key (app_id, n)
);
comment on column app_menu_version.source is 'sync | edit | rollback';
comment on column app_menu_version.menu is '[{name, path, orderNum, children}], sorted';

create table app_menu_attempt (
  id bigint generated always as identity primary key,
  app_id text not null references app on delete cascade,
  actor text not null,
  outcome text not null,
  n integer,
  items integer not null default 0,
  error text not null default '',
  answer text not null default '',
  ms integer not null,
  at timestamptz not null
);
comment on column app_menu_attempt.outcome is 'new | same | failed';
comment on column app_menu_attempt.answer is 'how the answer begins';
create index app_menu_attempt_of on app_menu_attempt (app_id, id desc);
