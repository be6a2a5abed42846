-- additive
-- Programs that ask by LDAP, one for each app, and the application passwords by which people sign in to them.

create table ldap_client (
  corp_id text not null references corp (corp_id) on delete cascade,
  app_id text not null references app (id) on delete cascade,
  name text not null,
  secret_hash text not null,
  is_everyone boolean not null,
  departments bigint[] not null,
  fields text[] not null,
  member_groups bigint[] not null default '{}',
  asks_card boolean not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (corp_id, app_id),
  constraint ldap_client_name unique (corp_id, name)
);
create index ldap_client_app on ldap_client (app_id);
comment on column ldap_client.name is 'in its bind DN and in the base of what it finds';
comment on column ldap_client.secret_hash is 'HMAC-SHA256 of the password by which it binds';
comment on column ldap_client.asks_card is 'whether people also allow each sign-in in WeCom';
comment on column ldap_client.departments is 'whose people it finds, with those below, unless it finds everybody';
comment on column ldap_client.member_groups is 'groups of members that it finds beside departments and tags';

create table ldap_password (
  corp_id text not null,
  id text not null,
  app_id text not null,
  member_id bigint not null,
  hash text not null,
  made_at timestamptz not null,
  used_at timestamptz,
  used_from text not null default '',
  primary key (corp_id, id),
  foreign key (corp_id, app_id) references ldap_client (corp_id, app_id) on delete cascade
);
create index ldap_password_member on ldap_password (corp_id, member_id, app_id);
create index ldap_password_client on ldap_password (corp_id, app_id);
comment on column ldap_password.hash is 'HMAC-SHA256 of app, person and password';
comment on column ldap_password.used_at is 'noted once in ten minutes';

create table ldap_card (
  corp_id text not null,
  app_id text not null,
  member_id bigint not null,
  id text not null,
  state text not null check (state in ('asked', 'allowed', 'refused', 'used')),
  changed_at timestamptz not null,
  primary key (corp_id, app_id, member_id),
  constraint ldap_card_id unique (corp_id, id),
  foreign key (corp_id, app_id) references ldap_client (corp_id, app_id) on delete cascade
);
create index ldap_card_changed on ldap_card (changed_at);
comment on column ldap_card.id is 'the requestId of its message is ldap-card-<id>';
comment on column ldap_card.state is 'used: it let one bind in';

-- Nodes of an earlier version know no application passwords, and would leave a leaver's to whoever is enabled again.
create function end_ldap_passwords() returns trigger language plpgsql as $$
begin
  delete from ldap_password where corp_id = new.corp_id and member_id = new.id;
  return null;
end
$$;
create trigger end_ldap_passwords after update of status, left_at on member for each row
  when (old.status = 1 and new.status <> 1 or old.left_at is null and new.left_at is not null)
  execute function end_ldap_passwords();
