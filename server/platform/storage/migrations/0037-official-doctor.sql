-- What the doctor of official accounts needs to remember, and the files by which domains are proved to WeChat.

alter table official_account
  add column seen_original_id text,
  add column pushed_at timestamptz;
comment on column official_account.seen_original_id is
  'another original id in pushes that have this account''s token and AppID: the bound one is probably wrong';
comment on column official_account.pushed_at is 'when a push was first taken; null: none has come';

create table official_node (
  corp_id text not null,
  original_id text not null,
  node_id text not null,
  node text not null,
  errcode integer,
  address text not null,
  rid text not null,
  tried_at timestamptz not null default now(),
  primary key (corp_id, original_id, node_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_node is 'what WeChat answered to each node that asked for a token; only that reveals the node''s address';
comment on column official_node.errcode is '0: WeChat gave a token; null: no usable answer';
comment on column official_node.address is 'as WeChat saw it, which only a refusal tells; '''' otherwise';

create table site_file (
  name text primary key,
  corp_id text not null references corp on delete cascade,
  content text not null,
  put_at timestamptz not null
);
comment on table site_file is 'MP_verify_….txt and WW_verify_….txt, served at the root of the site: a domain has each name once';
