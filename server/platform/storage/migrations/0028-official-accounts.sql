-- Official accounts (公众号 and 服务号), and the inbox that they share with the address book.

create table official_account (
  corp_id text not null references corp on delete cascade,
  original_id text not null,
  name text not null,
  app_id text not null,
  secret text not null,
  kind text not null check (kind in ('subscription', 'service')),
  verified boolean not null,
  mode text not null check (mode in ('plain', 'compatible', 'secure')),
  callback_token text not null,
  callback_aes_key text not null,
  enabled boolean not null default true,
  icon_hash text,
  callback_verified_at timestamptz,
  secret_at timestamptz not null,
  created_at timestamptz not null,
  primary key (corp_id, original_id)
);
comment on column official_account.original_id is 'gh_…, which pushes name as ToUserName; bound once per installation';
comment on column official_account.secret is 'sealed, like callback_token and callback_aes_key';
comment on column official_account.icon_hash is 'of a stored file; null: the icon is drawn from the name';
create unique index official_account_once on official_account (original_id);

create table official_grant (
  corp_id text not null,
  original_id text not null,
  member_id bigint not null,
  primary key (corp_id, original_id, member_id),
  foreign key (corp_id, original_id) references official_account on delete cascade,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on table official_grant is 'the graded administrators who may work with an account';

alter table inbox_event
  add column account text not null default '',
  add column answer jsonb;
comment on column inbox_event.stream is 'directory: changes of the address book | official: pushes of official accounts';
comment on column inbox_event.account is 'official: the original id; each account is a task of its own in the queue';
comment on column inbox_event.answer is 'what was decided to answer, with the event itself; a repetition of the delivery gets it again';
create index inbox_event_account on inbox_event (corp_id, account, id) where account <> '';
