-- Tokens that upstreams issue for secrets, shared by all nodes. Dropping the earlier table costs one call per token.

drop table upstream_token;

create table upstream_credential (
  corp_id text not null references corp on delete cascade,
  owner text not null,
  name text not null,
  token text not null default '',
  expires_at timestamptz,
  refresher text,
  refreshing_until timestamptz,
  primary key (corp_id, owner, name)
);
comment on column upstream_credential.owner is 'whose it is, such as wecom:contact or wecom:agent:<id>';
comment on column upstream_credential.name is 'such as access_token';
comment on column upstream_credential.token is 'sealed';
comment on column upstream_credential.refresher is 'the turn of the node that asks for a new one; what an older turn brings is not taken';
comment on column upstream_credential.refreshing_until is 'when the turn ends, whatever became of the node';
