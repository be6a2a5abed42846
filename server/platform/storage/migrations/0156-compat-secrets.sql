-- additive
-- Secrets by which programs that know only WeCom's API send through wisp (compat).

create table compat_secret (
  corp_id text not null references corp on delete cascade,
  id text not null,
  dev_id text not null references developer on delete cascade,
  hash text not null,
  created_at timestamptz not null,
  created_by bigint,
  last_used_at timestamptz,
  token_until timestamptz,
  revoked_at timestamptz,
  primary key (corp_id, id)
);
create index compat_secret_of on compat_secret (dev_id);
create index compat_secret_revoked on compat_secret (revoked_at);
comment on column compat_secret.hash is 'SHA-256, hex: the secret has 256 random bits';
comment on column compat_secret.created_by is 'the member who made it; null: the system account or the command line';
comment on column compat_secret.token_until is 'the end of the access_token that every gettoken answers until shortly before';
