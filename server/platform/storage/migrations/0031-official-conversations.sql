-- Conversations with followers: who takes care of them, and what people there answer with.

alter table official_send add column actor text not null default '';
comment on column official_send.actor is 'the person who wrote it in a conversation';
create index official_send_of on official_send (corp_id, original_id, openid, id desc);

alter table official_talk add column actor text not null default '';
alter table official_talk add column file_hash text;
comment on column official_talk.actor is 'the person who wrote it, or who did what the line tells';
comment on column official_talk.kind is 'a type of message of WeChat''s; what a follower did: click, view, scan, subscribe, unsubscribe; what became of the conversation: assigned, closed, kf_create_session, …';
comment on column official_talk.file_hash is 'the picture or voice message, kept from the first time that somebody looked at it: WeChat forgets it after three days';
create index official_talk_file on official_talk (corp_id, file_hash) where file_hash is not null;

create table official_conversation (
  corp_id text not null,
  original_id text not null,
  openid text not null,
  last_at timestamptz not null,
  last_kind text not null,
  last_text text not null default '',
  last_is_from_follower boolean not null,
  unread integer not null default 0,
  unanswered_since timestamptz,
  needs_person boolean not null default false,
  assigned_member bigint,
  kf_since timestamptz,
  kf_account text not null default '',
  closed_at timestamptz,
  primary key (corp_id, original_id, openid),
  foreign key (corp_id, original_id) references official_account on delete cascade,
  foreign key (corp_id, assigned_member) references member (corp_id, id) on delete set null (assigned_member)
);
comment on table official_conversation is 'what the list of conversations shows, kept with the lines of official_talk';
comment on column official_conversation.unanswered_since is 'of the follower''s first message after the account''s last one';
comment on column official_conversation.needs_person is 'an automatic reply handed it over; until a person answers';
comment on column official_conversation.kf_since is 'while WeChat''s own customer service has the follower; WeChat pushes nothing in the meantime';
create index official_conversation_order on official_conversation
  (corp_id, original_id, (unread > 0 or needs_person) desc, last_at desc);
create index official_conversation_age on official_conversation (corp_id, last_at);

create table official_talk_revision (
  corp_id text not null,
  original_id text not null,
  revision bigint not null,
  primary key (corp_id, original_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_talk_revision is 'goes up with every change that an open page of conversations shows';

create table official_quick_reply (
  corp_id text not null,
  original_id text not null,
  id bigint generated always as identity,
  shortcut text not null,
  content text not null,
  primary key (corp_id, original_id, id),
  unique (corp_id, original_id, shortcut),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
