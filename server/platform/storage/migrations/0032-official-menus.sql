-- Menus of official accounts.

create table official_menu_version (
  corp_id text not null,
  original_id text not null,
  n integer not null,
  source text not null check (source in ('edit', 'pull', 'rollback')),
  menu jsonb not null,
  actor text not null,
  created_at timestamptz not null,
  published_at timestamptz,
  primary key (corp_id, original_id, n),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_menu_version is 'the menus of an account, the newest being the one that is edited';
comment on column official_menu_version.published_at is 'when WeChat took it last';

create table official_menu (
  corp_id text not null,
  original_id text not null,
  published_n integer,
  failure text,
  primary key (corp_id, original_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on column official_menu.published_n is 'the version that WeChat shows; null: none, or one that was not made here';
comment on column official_menu.failure is 'why the last publishing stopped midway: WeChat then shows a mixture until it is repeated';
