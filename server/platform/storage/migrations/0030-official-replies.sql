-- Automatic replies of official accounts: rules, flows of several steps, and where a follower is in one.

create table official_flow (
  corp_id text not null,
  original_id text not null,
  id bigint generated always as identity,
  name text not null,
  steps jsonb not null,
  minutes int not null,
  enabled boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (corp_id, original_id, id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on column official_flow.minutes is 'how long an answer is waited for';

create table official_rule (
  corp_id text not null,
  original_id text not null,
  id bigint generated always as identity,
  name text not null,
  kind text not null check (kind in ('subscribe', 'keyword', 'menu', 'type', 'default')),
  match text not null check (match in ('exact', 'contains', 'regex')),
  words text[] not null,
  contents jsonb not null,
  pick text not null check (pick in ('all', 'one')),
  flow_id bigint,
  priority int not null,
  hours jsonb,
  enabled boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (corp_id, original_id, id),
  foreign key (corp_id, original_id) references official_account on delete cascade,
  foreign key (corp_id, original_id, flow_id) references official_flow
);
comment on column official_rule.words is 'keywords, keys of the menu, or types of messages; empty for the other kinds';
comment on column official_rule.pick is 'one: of the contents, one by chance';
comment on column official_rule.hours is 'when the rule holds, in the local time of the server; null: always';
create index official_rule_flow on official_rule (corp_id, original_id, flow_id) where flow_id is not null;

create table official_flow_state (
  corp_id text not null,
  original_id text not null,
  openid text not null,
  flow_id bigint not null,
  step_id text not null,
  taken int not null,
  expires_at timestamptz not null,
  primary key (corp_id, original_id, openid),
  foreign key (corp_id, original_id, flow_id) references official_flow on delete cascade
);
comment on column official_flow_state.taken is 'steps taken so far; a flow that goes round is cut after some';
create index official_flow_state_flow on official_flow_state (corp_id, original_id, flow_id);
create index official_flow_state_end on official_flow_state (expires_at);
