-- additive
-- Signing in to other systems: how each app signs people in, who signed in, and which apps are told when a session ends.

create table sign_in_log (
  corp_id text not null references corp on delete cascade,
  id bigint not null generated always as identity,
  at timestamptz not null,
  number text not null,
  app_id text,
  app_name text not null,
  member_id bigint,
  user_id text not null,
  user_name text not null,
  way text not null,
  reason text not null,
  detail text not null,
  acr smallint,
  amr text[] not null,
  released text[] not null,
  address text not null,
  user_agent text not null,
  primary key (corp_id, id)
);
comment on table sign_in_log is 'who signed in to what, and who was refused';
comment on column sign_in_log.number is 'the request id, which a refused person sees';
comment on column sign_in_log.app_id is 'null: wisp itself';
comment on column sign_in_log.way is 'how the application asked: oidc, device, refresh, cas; or how somebody proved themselves to wisp: wecom, qr, sms, passkey, password';
comment on column sign_in_log.reason is 'empty where it succeeded';
comment on column sign_in_log.released is 'names of the claims or attributes that the application was given';
create index sign_in_log_at on sign_in_log (corp_id, at desc, id desc);
create index sign_in_log_member on sign_in_log (corp_id, member_id, at desc);

create table corp_sign_in (
  corp_id text primary key references corp on delete cascade,
  issuer text not null default '',
  cas_base text not null default ''
);
comment on column corp_sign_in.issuer is 'of OpenID Connect: stored with the first client, because every client keeps it';
comment on column corp_sign_in.cas_base is 'the address at which CAS answers, stored with the first service';
create unique index corp_sign_in_issuer on corp_sign_in (issuer) where issuer <> '';
create unique index corp_sign_in_cas_base on corp_sign_in (cas_base) where cas_base <> '';

create table app_sign_in (
  app_id text primary key references app on delete cascade,
  corp_id text not null references corp on delete cascade,
  way text not null,
  relation text not null,
  is_framed boolean not null,
  least_acr smallint not null,
  user_name_field text not null,
  claims jsonb not null,
  attributes jsonb not null,
  groups jsonb not null,
  client_id text,
  client_secret text not null,
  oidc jsonb,
  cas jsonb,
  version integer not null default 1,
  updated_at timestamptz not null,
  updated_by text not null
);
comment on table app_sign_in is 'an app without a row signs people in by a jessionId';
comment on column app_sign_in.relation is 'whose system it is: own, entrusted, third-party';
comment on column app_sign_in.claims is '[{name, purpose, approvedBy, approvedAt}]; one that nobody has approved is not released';
comment on column app_sign_in.client_secret is 'sealed; empty for a public client and without OpenID Connect';
create index app_sign_in_corp on app_sign_in (corp_id);
create unique index app_sign_in_client on app_sign_in (corp_id, client_id) where client_id is not null;

create table app_consent (
  corp_id text not null references corp on delete cascade,
  app_id text not null references app on delete cascade,
  member_id bigint not null,
  claims text[] not null,
  agreed_at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (corp_id, app_id, member_id)
);
comment on column app_consent.claims is 'what the person has agreed to, by name: one more is asked for again';

create table app_session (
  corp_id text not null references corp on delete cascade,
  id text not null,
  app_id text not null references app on delete cascade,
  member_id bigint not null,
  session_id text not null,
  protocol text not null,
  sid text not null,
  logout_uri text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, id)
);
comment on table app_session is 'which applications a session signed somebody in to, each of which is told when it ends';
comment on column app_session.session_id is 'session.id';
comment on column app_session.sid is 'by which the application knows it: sid of OpenID Connect, service ticket of CAS';
comment on column app_session.logout_uri is 'where the application is told; empty where it is not';
create index app_session_of on app_session (corp_id, session_id);
create index app_session_member on app_session (corp_id, member_id) where ended_at is null;
create index app_session_started on app_session (started_at);
create unique index app_session_once on app_session (corp_id, app_id, session_id, sid);

create table app_logout (
  corp_id text not null references corp on delete cascade,
  id bigint not null generated always as identity,
  app_id text not null references app on delete cascade,
  member_id bigint not null,
  protocol text not null,
  sid text not null,
  uri text not null,
  cause text not null,
  state text not null default 'waiting',
  attempts integer not null default 0,
  next_at timestamptz not null,
  status integer,
  error text not null default '',
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, id)
);
comment on table app_logout is 'applications that are told that somebody was signed out';
comment on column app_logout.cause is 'sign-out, app, administrator, left';
create index app_logout_waiting on app_logout (corp_id, app_id, next_at) where state = 'waiting';
create index app_logout_created on app_logout (created_at);

create index member_attributes on member using gin (attributes jsonb_path_ops) where left_at is null and attributes <> '[]';
comment on index member_attributes is 'whether a second member has an employee number';

create index member_of_mobile on member (corp_id, mobile) where left_at is null and mobile <> '';
comment on index member_of_mobile is 'whose number it is, and whether a second member has it';
