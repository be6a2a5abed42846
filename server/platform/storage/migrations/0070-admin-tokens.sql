-- additive
-- Tokens for /api/admin: what a super administrator lets a program do in their place.

create table admin_token (
  id bigint generated always as identity primary key,
  corp_id text references corp on delete cascade,
  admin_name text references admin_account on delete cascade,
  member_id bigint,
  name text not null,
  hash text not null unique,
  scopes text[] not null,
  addresses text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  check (num_nonnulls(admin_name, member_id) = 1),
  check (member_id is null or corp_id is not null),
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on column admin_token.corp_id is 'null: every corp, and the installation';
comment on column admin_token.admin_name is 'the local account that made it; member_id: the member who did';
comment on column admin_token.hash is 'SHA-256 of the token, hex';
comment on column admin_token.addresses is 'addresses and networks that it may be used from';
comment on column admin_token.last_used_at is 'stored once a minute at most';
create index admin_token_corp on admin_token (corp_id, member_id);
