-- The message centre: accepted messages, their fate, and what upstream's limits still allow.

create table message_settings (
  corp_id text primary key references corp on delete cascade,
  agent_id integer,
  daily_cap integer,
  smtp text,
  sms text,
  keep_days integer not null default 180
);
comment on column message_settings.agent_id is 'the message centre''s own agent, for messages that name none';
comment on column message_settings.daily_cap is 'person-times a day and agent; null: 200 x members';
comment on column message_settings.smtp is 'sealed JSON';
comment on column message_settings.sms is 'sealed JSON: the vendor and its credentials';

create table sms_template (
  corp_id text not null references corp on delete cascade,
  id text not null,
  vendor_id text not null,
  sign_name text not null default '',
  params text[] not null,
  text text not null default '',
  primary key (corp_id, id)
);
comment on column sms_template.vendor_id is 'the template''s id at the vendor';
comment on column sms_template.params is 'names in the order of the call''s params: Aliyun wants them';
comment on column sms_template.text is 'for the preview';

create table message (
  id text primary key,
  corp_id text not null references corp on delete cascade,
  dev_id text not null,
  channel text not null,
  agent_id integer,
  agent_name text not null,
  template_id text,
  content text not null,
  truncated text[] not null,
  audience jsonb,
  expanded_to bigint,
  receivers integer not null,
  request_id text,
  request_hash text,
  answer jsonb not null,
  created_at timestamptz not null,
  recalled_at timestamptz
);
comment on column message.channel is 'wecom | email | sms';
comment on column message.content is 'sealed JSON';
comment on column message.audience is 'of a large send: who is meant, while it is being expanded into parts';
comment on column message.expanded_to is 'the last person that was expanded; null when all are';
comment on column message.answer is 'what the call answered at once, for a repetition with the same requestId';
comment on column message.recalled_at is 'recalled, or refused with 1008: nothing of it leaves any more';
create unique index message_request on message (dev_id, request_id) where request_id is not null;
create index message_recent on message (corp_id, created_at desc);
create index message_expanding on message (created_at) where expanded_to is not null;

create table message_part (
  id bigint generated always as identity primary key,
  message_id text not null references message on delete cascade,
  corp_id text not null,
  channel text not null,
  n integer not null,
  chunk integer not null default 0,
  after_n integer,
  user_ids text[] not null,
  member_ids bigint[] not null,
  state text not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  is_checked boolean not null default false,
  payload_hash text,
  unsure_since timestamptz,
  held_until timestamptz,
  vendor_id text,
  reason text,
  finished_at timestamptz,
  unique (message_id, n)
);
comment on table message_part is 'one call to upstream: a batch of receivers, or one mail';
comment on column message_part.after_n is 'numbered texts go out in order: this part waits until that one is final';
comment on column message_part.chunk is 'which of a split text';
comment on column message_part.state is 'waiting | sending | asking | sent | failed | unknown | cancelled | replaced (other parts have its receivers)';
comment on column message_part.next_attempt_at is 'when it is due; while sending, the end of the lease: after that nobody knows what became of it';
comment on column message_part.is_checked is 'sent with WeCom''s duplicate check, so that it may be sent again when its fate is unclear';
comment on column message_part.payload_hash is 'keyed hash of what is sent, without the receivers';
comment on column message_part.unsure_since is 'since when it may have arrived: set when an attempt begins, taken back when it clearly failed';
comment on column message_part.held_until is 'held back at upstream''s limits';
create index message_part_due on message_part (channel, next_attempt_at) where state in ('waiting', 'sending', 'asking');

create table message_attempt (
  part_id bigint not null references message_part on delete cascade,
  n integer not null,
  at timestamptz not null,
  ms integer not null,
  outcome text not null,
  answer text not null,
  primary key (part_id, n)
);
comment on table message_attempt is 'the timeline: each call to upstream and what it answered';

create table message_result (
  message_id text not null references message on delete cascade,
  user_id text not null,
  part_id bigint,
  state text not null,
  reason text not null,
  at timestamptz not null,
  primary key (message_id, user_id)
);
comment on table message_result is 'receivers that fared otherwise than their part; state: failed | delivered';

create table message_dedup (
  corp_id text not null,
  hash text not null,
  owner text not null,
  until timestamptz not null,
  primary key (corp_id, hash)
);
comment on column message_dedup.owner is 'the part that may send these bytes again';
comment on table message_dedup is 'requests that WeCom''s duplicate check still remembers: an equal message must go without it';

create table message_pace (
  corp_id text not null,
  agent_id integer not null,
  user_key text not null,
  sent bigint[] not null,
  primary key (corp_id, agent_id, user_key)
);
comment on column message_pace.sent is 'when this agent sent to this member in the last hour, ms';

create table message_day (
  corp_id text not null,
  agent_id integer not null,
  day date not null,
  sent integer not null,
  primary key (corp_id, agent_id, day)
);
