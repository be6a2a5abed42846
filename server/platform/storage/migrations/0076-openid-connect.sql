-- additive
-- OpenID Connect: the keys that sign, and what is in progress or issued.

create table oidc_key (
  corp_id text not null references corp on delete cascade,
  kid text not null,
  alg text not null,
  state text not null,
  jwk text not null,
  created_at timestamptz not null,
  state_at timestamptz not null,
  primary key (corp_id, kid)
);
comment on column oidc_key.state is 'next: published, signs nothing yet; current: signs; old: published for what it signed';
comment on column oidc_key.jwk is 'sealed: the private key';
comment on column oidc_key.state_at is 'since when it is in this state';
create unique index oidc_key_once on oidc_key (corp_id, alg, state) where state <> 'old';

create table oidc_record (
  corp_id text not null references corp on delete cascade,
  kind text not null,
  id text not null,
  payload jsonb not null,
  sealed text not null default '',
  grant_id text,
  user_code text,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  primary key (corp_id, kind, id)
);
comment on table oidc_record is 'codes, tokens, grants, sessions and sign-ins in progress of OpenID Connect, as oidc-provider keeps them';
comment on column oidc_record.id is 'hash of the code or token, which itself is not stored';
comment on column oidc_record.sealed is 'codes that have to be read back; mostly empty';
comment on column oidc_record.user_code is 'keyed hash of what a person types in for a device';
comment on column oidc_record.consumed_at is 'a code or refresh token was used; used again, it ends its grant';
create index oidc_record_grant on oidc_record (corp_id, grant_id) where grant_id is not null;
create unique index oidc_record_user_code on oidc_record (corp_id, user_code) where user_code is not null;
create index oidc_record_expires on oidc_record (corp_id, expires_at);
