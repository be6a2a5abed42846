-- Owners of developers, scopes with an end and requests for them, and who made a secret.

create table developer_owner (
  corp_id text not null,
  dev_id text not null references developer on delete cascade,
  member_id bigint not null,
  created_at timestamptz not null,
  primary key (corp_id, dev_id, member_id),
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);

alter table developer add column scope_ends jsonb not null default '{}';
comment on column developer.scope_ends is 'scope: when it ends (ISO 8601); scopes that are not named have no end';

alter table developer_secret add column created_by bigint;
comment on column developer_secret.created_by is 'the member who made it; null: the system account, the command line, or an earlier version';

create table scope_request (
  corp_id text not null,
  id bigint not null generated always as identity,
  dev_id text not null references developer on delete cascade,
  member_id bigint not null,
  scopes text[] not null,
  reason text not null,
  asked_at timestamptz not null,
  state text not null default 'asked' check (state in ('asked', 'granted', 'refused')),
  decided_at timestamptz,
  decided_by text,
  why text not null default '',
  until timestamptz,
  untold boolean not null default false,
  primary key (corp_id, id),
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on column scope_request.decided_by is 'as in the audit log';
comment on column scope_request.until is 'when what was granted ends; null: never';
comment on column scope_request.untold is 'decided, and the one who asked has yet to be told';
create index scope_request_of on scope_request (corp_id, dev_id, id);
create index scope_request_open on scope_request (dev_id) where state = 'asked';
create index scope_request_untold on scope_request (corp_id) where untold;
