-- The organisation's settings, its mirror of WeCom's address book, and who may read it.

create table setting (
  key text primary key,
  value jsonb not null
);
comment on table setting is 'facts about this installation, such as the fingerprint of the secret key';

create table corp (
  corp_id text primary key,
  name text not null,
  public_url text not null default '',
  contact_secret text not null,
  callback_token text not null,
  callback_aes_key text not null,
  regime text not null default 'unknown',
  hint_token_required boolean not null default false,
  callback_verified_at timestamptz,
  created_at timestamptz not null
);
comment on column corp.contact_secret is 'sealed';
comment on column corp.callback_token is 'sealed; pasted into WeCom at 管理工具 → 通讯录同步';
comment on column corp.callback_aes_key is 'sealed';
comment on column corp.regime is 'unknown | full | restricted: what the contact secret may read (the 2022 restrictions)';
comment on column corp.public_url is 'of this corp when it differs from WISP_PUBLIC_URL';

create table agent (
  corp_id text not null references corp on delete cascade,
  agent_id integer not null,
  name text not null default '',
  secret text not null,
  uses text[] not null,
  primary key (corp_id, agent_id)
);
comment on column agent.secret is 'sealed';
comment on column agent.uses is 'names | signin | messages: what wisp uses this agent for';

create table upstream_token (
  corp_id text not null references corp on delete cascade,
  credential text not null,
  token text not null default '',
  expires_at timestamptz,
  fetching_until timestamptz,
  primary key (corp_id, credential)
);
comment on column upstream_token.credential is 'contact | agent:<id>';
comment on column upstream_token.token is 'sealed access_token';
comment on column upstream_token.fetching_until is 'a node is asking for a new one until then';

create table department (
  corp_id text not null references corp on delete cascade,
  id bigint not null,
  name text not null,
  parent_id bigint not null,
  sort_no bigint not null,
  leaders text[] not null default '{}',
  primary key (corp_id, id)
);

create table member (
  id bigint generated always as identity primary key,
  corp_id text not null references corp on delete cascade,
  user_id text not null,
  user_key text not null,
  name text not null,
  alias text not null,
  mobile text not null,
  email text not null,
  sex smallint not null,
  avatar text not null,
  address text not null,
  position text not null,
  status smallint not null,
  main_department bigint not null,
  departments bigint[] not null,
  orders bigint[] not null,
  leader_in smallint[] not null,
  direct_leaders text[] not null,
  pinyin text not null,
  hash bigint not null,
  created_at timestamptz not null,
  left_at timestamptz
);
comment on table member is 'a person: id survives a changed userid; roles, tickets, bills and messages refer to it';
comment on column member.user_key is 'user_id in lower case, as WeCom compares it';
comment on column member.status is '1 active, 2 disabled, 4 not activated, 5 quit (upstream.md §2.2)';
comment on column member.orders is 'index-aligned with departments, as is leader_in';
comment on column member.pinyin is 'readings of the name, for the search';
comment on column member.hash is 'of what upstream said: an unchanged member is told without reading its row';
comment on column member.left_at is 'gone from WeCom; the row stays for what refers to it, and comes back when the news of a rename is late';
create unique index member_living on member (corp_id, user_key) where left_at is null;
create index member_left on member (corp_id, user_key, left_at desc) where left_at is not null;

create table member_alias (
  corp_id text not null references corp on delete cascade,
  user_key text not null,
  member_id bigint not null references member on delete cascade,
  expires_at timestamptz not null,
  primary key (corp_id, user_key)
);
comment on table member_alias is 'old userids of renamed members; a living member beats an alias';

create table tag (
  corp_id text not null references corp on delete cascade,
  id bigint not null,
  name text not null,
  user_keys text[] not null,
  departments bigint[] not null,
  primary key (corp_id, id)
);

create table directory_feed (
  corp_id text primary key references corp on delete cascade,
  seq bigint not null default 0,
  first_kept bigint not null default 1
);
comment on table directory_feed is 'its row lock puts all directory writes of a corp in commit order';

create table directory_change (
  corp_id text not null references corp on delete cascade,
  seq bigint not null,
  kind text not null,
  op text not null,
  entity_id text not null,
  old_id text,
  member_id bigint,
  departments_before bigint[],
  at timestamptz not null,
  primary key (corp_id, seq)
);
comment on column directory_change.kind is 'department | member | tag';
comment on column directory_change.op is 'put | drop | rename | move (a department got another parent)';
comment on column directory_change.departments_before is 'where a member was before, when that changed: a developer that saw it there must learn that it left';
create index directory_change_age on directory_change (at);

create table contact_event (
  id bigint generated always as identity primary key,
  corp_id text not null references corp on delete cascade,
  source text not null,
  change_type text not null,
  entity text not null,
  nonce text,
  payload_hash text,
  raw text,
  plain text,
  hits integer not null default 1,
  state text not null default 'pending',
  attempts integer not null default 0,
  error text,
  received_at timestamptz not null,
  next_attempt_at timestamptz not null,
  done_at timestamptz
);
comment on column contact_event.source is 'callback | hint | replay';
comment on column contact_event.entity is 'user:<key> | party:<id> | tag:<id> | other';
comment on column contact_event.state is 'pending | done | parked';
comment on column contact_event.hits is 'a pending hint counts its repetitions, so that one that came during its processing is not lost';
create unique index contact_event_payload on contact_event (corp_id, payload_hash) where payload_hash is not null;
create unique index contact_event_nonce on contact_event (corp_id, nonce) where nonce is not null;
create unique index contact_event_hint on contact_event (corp_id, entity) where source = 'hint' and state = 'pending';
create index contact_event_open on contact_event (corp_id, id) where state = 'pending';
create index contact_event_age on contact_event (corp_id, received_at);

create table sync_lease (
  corp_id text primary key references corp on delete cascade,
  holder text not null default '',
  epoch bigint not null default 0,
  expires_at timestamptz not null
);
comment on table sync_lease is 'one node at a time writes a corp''s mirror; epoch is the fence that a late writer fails at';

create table sync_run (
  id bigint generated always as identity primary key,
  corp_id text not null references corp on delete cascade,
  kind text not null,
  state text not null,
  phase text not null default '',
  requested_by text not null default '',
  progress jsonb not null default '{}',
  counts jsonb not null default '{}',
  problems jsonb not null default '[]',
  error text,
  approved boolean not null default false,
  first boolean not null default false,
  created_at timestamptz not null,
  started_at timestamptz,
  updated_at timestamptz not null,
  finished_at timestamptz
);
comment on column sync_run.kind is 'full | reconcile | dry-run';
comment on column sync_run.first is 'the mirror was empty when it began: there is nothing to have drifted';
comment on column sync_run.state is 'waiting | running | approval | done | failed';
create unique index sync_run_open on sync_run (corp_id) where state in ('waiting', 'running');
create index sync_run_recent on sync_run (corp_id, id desc);

create table sync_page (
  run_id bigint not null references sync_run on delete cascade,
  page text not null,
  user_keys text[] not null,
  primary key (run_id, page)
);
comment on table sync_page is 'what a run has read and applied: a crash goes on from here, and deletions are told from it';

create table sync_drift (
  run_id bigint not null references sync_run on delete cascade,
  n integer not null,
  kind text not null,
  op text not null,
  entity_id text not null,
  fields jsonb not null default '{}',
  primary key (run_id, n)
);
comment on column sync_drift.fields is '{field: [mirror, WeCom]}';

create table developer (
  dev_id text primary key,
  corp_id text not null references corp on delete cascade,
  name text not null,
  enabled boolean not null default true,
  scopes text[] not null,
  scope_departments bigint[],
  scope_tags bigint[],
  allowed_ips text[] not null default '{}',
  scope_seq bigint not null default 0,
  list_style text not null default 'object',
  created_at timestamptz not null
);
comment on column developer.scope_departments is 'null with scope_tags null: the whole corp';
comment on column developer.scope_seq is 'number of the change feed when the data scope was last set: older positions must start anew';
comment on column developer.list_style is 'object | array: the answer of seed 4.5 to 4.8';

create table developer_secret (
  id bigint generated always as identity primary key,
  dev_id text not null references developer on delete cascade,
  hash text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
comment on column developer_secret.hash is 'SHA-256, hex: the secret has 256 random bits';
create index developer_secret_of on developer_secret (dev_id);

create table developer_usage (
  dev_id text not null references developer on delete cascade,
  day date not null,
  endpoint text not null,
  calls bigint not null,
  failures bigint not null,
  primary key (dev_id, day, endpoint)
);

create table app (
  id text primary key,
  corp_id text not null references corp on delete cascade,
  name text not null,
  dev_id text references developer on delete set null,
  agent_id integer,
  enabled boolean not null default true,
  created_at timestamptz not null
);

create table member_role (
  member_id bigint primary key references member on delete cascade,
  corp_id text not null references corp on delete cascade,
  level smallint not null
);
comment on column member_role.level is '2 超级管理员 | 3 分级管理员';

create table role_department (
  member_id bigint not null references member_role on delete cascade,
  department_id bigint not null,
  manage boolean not null,
  primary key (member_id, department_id)
);
comment on table role_department is 'departments of a graded administrator; inherited downwards, the nearest one decides';

create table admin_account (
  name text primary key,
  password text not null,
  must_change boolean not null default false,
  failures integer not null default 0,
  locked_until timestamptz,
  updated_at timestamptz not null
);
comment on table admin_account is 'the system super administrator: a local account, argon2id';

create table session (
  id text primary key,
  corp_id text references corp on delete cascade,
  member_id bigint references member on delete cascade,
  admin_name text references admin_account on delete cascade,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
comment on column session.id is 'SHA-256 of the cookie value, hex';

create table ticket (
  id text primary key,
  corp_id text not null references corp on delete cascade,
  app_id text not null references app on delete cascade,
  session_id text references session on delete cascade,
  member_id bigint references member on delete cascade,
  admin_name text references admin_account on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table ticket is 'jessionId: one person and one app; id is its SHA-256, hex';
create index ticket_age on ticket (expires_at);
create index ticket_session on ticket (session_id);

create table audit (
  id bigint generated always as identity primary key,
  corp_id text,
  actor text not null,
  act text not null,
  target text not null,
  detail jsonb not null default '{}',
  at timestamptz not null
);
create index audit_age on audit (at);
