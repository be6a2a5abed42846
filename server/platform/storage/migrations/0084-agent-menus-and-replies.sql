-- additive
-- Agents have menus and automatic replies as official accounts do, in the same tables. An owner is an account or an agent: one of
-- original_id and agent_id is set, and owner_id is by what they are told apart. What belongs to an agent goes with it.

alter table official_rule drop constraint official_rule_corp_id_original_id_flow_id_fkey;
alter table official_flow_state drop constraint official_flow_state_corp_id_original_id_flow_id_fkey;

alter table official_flow drop constraint official_flow_pkey;
alter table official_flow alter column original_id drop not null;
alter table official_flow add column agent_id integer;
alter table official_flow
  add column owner_id text not null generated always as (coalesce(original_id, 'agent:' || agent_id::text)) stored;
alter table official_flow add primary key (corp_id, owner_id, id);
alter table official_flow add foreign key (corp_id, agent_id) references agent on delete cascade;
alter table official_flow add check (num_nonnulls(original_id, agent_id) = 1);

alter table official_rule drop constraint official_rule_pkey;
alter table official_rule alter column original_id drop not null;
alter table official_rule add column agent_id integer;
alter table official_rule
  add column owner_id text not null generated always as (coalesce(original_id, 'agent:' || agent_id::text)) stored;
alter table official_rule add primary key (corp_id, owner_id, id);
alter table official_rule add foreign key (corp_id, agent_id) references agent on delete cascade;
alter table official_rule add check (num_nonnulls(original_id, agent_id) = 1);
alter table official_rule add foreign key (corp_id, owner_id, flow_id) references official_flow (corp_id, owner_id, id);
drop index official_rule_flow;
create index official_rule_flow on official_rule (corp_id, owner_id, flow_id) where flow_id is not null;

alter table official_flow_state drop constraint official_flow_state_pkey;
alter table official_flow_state alter column original_id drop not null;
alter table official_flow_state add column agent_id integer;
alter table official_flow_state
  add column owner_id text not null generated always as (coalesce(original_id, 'agent:' || agent_id::text)) stored;
alter table official_flow_state add primary key (corp_id, owner_id, openid);
-- A node of the version before names these columns when it stores a step.
alter table official_flow_state add unique (corp_id, original_id, openid);
alter table official_flow_state
  add foreign key (corp_id, owner_id, flow_id) references official_flow (corp_id, owner_id, id) on delete cascade;
drop index official_flow_state_flow;
create index official_flow_state_flow on official_flow_state (corp_id, owner_id, flow_id);

alter table official_menu_version drop constraint official_menu_version_pkey;
alter table official_menu_version alter column original_id drop not null;
alter table official_menu_version add column agent_id integer;
alter table official_menu_version
  add column owner_id text not null generated always as (coalesce(original_id, 'agent:' || agent_id::text)) stored;
alter table official_menu_version add primary key (corp_id, owner_id, n);
alter table official_menu_version add foreign key (corp_id, agent_id) references agent on delete cascade;
alter table official_menu_version add check (num_nonnulls(original_id, agent_id) = 1);

alter table official_menu drop constraint official_menu_pkey;
alter table official_menu alter column original_id drop not null;
alter table official_menu add column agent_id integer;
alter table official_menu
  add column owner_id text not null generated always as (coalesce(original_id, 'agent:' || agent_id::text)) stored;
alter table official_menu add primary key (corp_id, owner_id);
alter table official_menu add unique (corp_id, original_id);
alter table official_menu add foreign key (corp_id, agent_id) references agent on delete cascade;
alter table official_menu add check (num_nonnulls(original_id, agent_id) = 1);

comment on column official_rule.original_id is 'of the account; null where an agent is the owner';
comment on column official_rule.owner_id is 'the account''s original id, or agent: and the agent''s number';
comment on column official_flow_state.openid is 'whom the owner talks with: a follower''s openid, or a member''s userid';
comment on column official_menu.published_n is 'the version that the vendor shows; null: none, or one that was not made here';
comment on column official_menu_version.published_at is 'when the vendor took it last';

alter table official_rule drop constraint official_rule_kind_check;
alter table official_rule
  add check (kind in ('enter', 'subscribe', 'keyword', 'menu', 'type', 'default'));
alter table official_rule add column again text not null default 'day'
  check (again in ('always', 'day', 'week', 'month', 'once'));
comment on column official_rule.again is 'of a welcome: when the same person is welcomed again';

create table reply_greeting (
  corp_id text not null,
  original_id text,
  agent_id integer,
  owner_id text not null generated always as (coalesce(original_id, 'agent:' || agent_id::text)) stored,
  person text not null,
  greeted_at timestamptz not null,
  primary key (corp_id, owner_id, person),
  foreign key (corp_id, original_id) references official_account on delete cascade,
  foreign key (corp_id, agent_id) references agent on delete cascade,
  check (num_nonnulls(original_id, agent_id) = 1)
);
comment on table reply_greeting is 'who was welcomed last when, since WeCom tells of each entering';
create index reply_greeting_at on reply_greeting (greeted_at);

create table agent_upload (
  corp_id text not null references corp on delete cascade,
  hash text not null,
  kind text not null,
  media_id text not null,
  expires_at timestamptz not null,
  primary key (corp_id, hash, kind)
);
comment on table agent_upload is 'stored files that WeCom has; all agents of a corp share them for three days';
create index agent_upload_end on agent_upload (expires_at);

create table agent_send (
  corp_id text not null,
  agent_id integer not null,
  id bigint generated always as identity,
  user_id text not null,
  origin_key text not null,
  content jsonb not null,
  state text not null check (state in ('waiting', 'sending', 'sent', 'unknown', 'failed')),
  attempts integer not null default 0,
  reason text,
  created_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, agent_id, id),
  unique (corp_id, agent_id, origin_key),
  foreign key (corp_id, agent_id) references agent on delete cascade
);
comment on table agent_send is 'what an agent answers by a message of its own, where it cannot go back with the push';
comment on column agent_send.origin_key is 'the push and the place in its answer, so that a repetition is stored once';
comment on column agent_send.reason is 'in both languages, why it was not sent or has to wait';
create index agent_send_due on agent_send (corp_id, agent_id, user_id, id) where state in ('waiting', 'sending');
create index agent_send_old on agent_send (created_at);
