-- Followers of official accounts, what may be sent to them now, and what was said.

create table official_follower (
  corp_id text not null,
  original_id text not null,
  openid text not null,
  unionid text,
  subscribed boolean not null,
  subscribed_at timestamptz,
  unsubscribed_at timestamptz,
  scene text not null default '',
  qr_scene text not null default '',
  remark text not null default '',
  tag_ids integer[] not null default '{}',
  is_blocked boolean not null default false,
  nickname text not null default '',
  avatar text not null default '',
  member_id bigint,
  linked_at timestamptz,
  read_at timestamptz,
  primary key (corp_id, original_id, openid),
  foreign key (corp_id, original_id) references official_account on delete cascade,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete set null (member_id)
);
comment on table official_follower is 'who follows or followed an account; the row stays when somebody leaves, because messages and links name it';
comment on column official_follower.scene is 'how the person came, in WeChat''s words: ADD_SCENE_QR_CODE, …';
comment on column official_follower.qr_scene is 'the scene of the QR code that the person came by last';
comment on column official_follower.nickname is 'only of people who consented in the web authorisation; avatar likewise';
comment on column official_follower.member_id is 'the member who is this follower, linked by themselves';
comment on column official_follower.read_at is 'when WeChat was last asked about this person';
create index official_follower_unionid on official_follower (corp_id, unionid) where unionid is not null;
create index official_follower_member on official_follower (corp_id, member_id) where member_id is not null;

create table official_window (
  corp_id text not null,
  original_id text not null,
  openid text not null,
  opened_by text not null check (opened_by in ('message', 'click', 'subscribe', 'scan')),
  opened_at timestamptz not null,
  used integer not null default 0,
  primary key (corp_id, original_id, openid, opened_by),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_window is 'until when and how often a customer-service message may be sent to a follower, by what the follower last did';
create index official_window_age on official_window (corp_id, opened_at);

create table official_send (
  corp_id text not null,
  original_id text not null,
  id bigint generated always as identity,
  openid text not null,
  origin text not null check (origin in ('reply', 'conversation', 'api')),
  origin_key text not null,
  content jsonb not null,
  kf_account text not null default '',
  state text not null check (state in ('waiting', 'sending', 'sent', 'failed', 'unknown')),
  attempts integer not null default 0,
  reason jsonb,
  created_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, original_id, id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_send is 'customer-service messages: stored before they are sent, and not repeated when nobody knows what became of them';
comment on column official_send.origin_key is 'what asked for it has the same key again when it asks again: an event and a number, or a requestId';
create unique index official_send_once on official_send (corp_id, original_id, origin, origin_key);
create index official_send_open on official_send (corp_id, original_id, id) where state in ('waiting', 'sending');
create index official_send_age on official_send (corp_id, created_at);

create table official_talk (
  corp_id text not null,
  original_id text not null,
  id bigint generated always as identity,
  openid text not null,
  is_from_follower boolean not null,
  kind text not null,
  content jsonb not null,
  event_id bigint,
  send_id bigint,
  at timestamptz not null,
  primary key (corp_id, original_id, id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_talk is 'what was said between a follower and the account, as people see it in a conversation';
comment on column official_talk.kind is 'a type of message of WeChat''s, or click, subscribe, unsubscribe, scan';
comment on column official_talk.event_id is 'of the push that brought it, or that it is the passive reply to';
create unique index official_talk_event on official_talk (corp_id, original_id, event_id, is_from_follower) where event_id is not null;
create unique index official_talk_send on official_talk (corp_id, original_id, send_id) where send_id is not null;
create index official_talk_of on official_talk (corp_id, original_id, openid, id desc);
create index official_talk_age on official_talk (corp_id, at);
