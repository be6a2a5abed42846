-- Template messages and 订阅通知 of official accounts, and how the message centre uses them.

create table official_template (
  corp_id text not null,
  original_id text not null,
  template_id text not null,
  kind text not null check (kind in ('template', 'subscribe')),
  title text not null,
  content text not null,
  example text not null,
  is_long_term boolean not null,
  choices jsonb not null,
  primary key (corp_id, original_id, template_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_template is 'the templates of an account as WeChat listed them last';
comment on column official_template.kind is 'template messages and 订阅通知 (subscribe) have ids of their own, and WeChat refuses one as the other';
comment on column official_template.content is 'a line for each field: 名称：{{thing1.DATA}}';
comment on column official_template.choices is 'the values that a field may have, by its name, where WeChat lists them';

create table official_template_send (
  corp_id text not null,
  original_id text not null,
  id bigint generated always as identity,
  openid text not null,
  template_id text not null,
  kind text not null check (kind in ('template', 'subscribe')),
  origin text not null check (origin in ('api', 'test', 'message')),
  origin_key text not null,
  request_hash text,
  member_id bigint,
  state text not null check (state in ('sending', 'sent', 'failed', 'unknown')),
  msg_id text,
  reason jsonb,
  is_noted boolean not null default false,
  created_at timestamptz not null,
  tried_at timestamptz not null,
  primary key (corp_id, original_id, id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_template_send is 'template messages and 订阅通知 that were sent; what they said is not kept';
comment on column official_template_send.origin_key is 'what asked for it has the same key again when it asks again: a developer and requestId, or a part of a message';
comment on column official_template_send.request_hash is 'of what was asked for under the key, so that another message under it is refused';
comment on column official_template_send.member_id is 'of messages of the message centre: to whom it went';
comment on column official_template_send.msg_id is 'WeChat''s own; that of a 订阅通知 is known only from its event';
comment on column official_template_send.is_noted is 'the message centre has taken the result over';
create unique index official_template_send_once on official_template_send (corp_id, original_id, origin, origin_key);
create unique index official_template_send_msg on official_template_send (corp_id, original_id, msg_id) where msg_id is not null;
create index official_template_send_age on official_template_send (corp_id, created_at);
create index official_template_send_open on official_template_send (corp_id, original_id) where origin = 'message' and not is_noted;

create table official_template_result (
  corp_id text not null,
  original_id text not null,
  msg_id text not null,
  openid text not null,
  template_id text not null default '',
  status text not null,
  at timestamptz not null,
  primary key (corp_id, original_id, msg_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_template_result is 'what WeChat''s events said became of messages; an event may be here before the answer to the call is';
comment on column official_template_result.status is 'success, or why not in WeChat''s words: failed:user block, failed: system failed';
create index official_template_result_age on official_template_result (corp_id, at);

create table official_tick (
  corp_id text not null,
  original_id text not null,
  event_id bigint not null,
  n smallint not null,
  openid text not null,
  template_id text not null,
  is_accepted boolean not null,
  place text not null check (place in ('page', 'article', 'settings', 'other')),
  at timestamptz not null,
  primary key (corp_id, original_id, event_id, n),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_tick is 'who agreed to a 订阅通知 or refused it, and where';
create index official_tick_age on official_tick (corp_id, at);

create table official_template_mapping (
  corp_id text not null,
  original_id text not null,
  template_id text not null,
  kind text not null check (kind in ('template', 'subscribe')),
  fields jsonb not null,
  primary key (corp_id, original_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_template_mapping is 'how the message centre''s messages go out by an account: by which template, and which input fills which field';
