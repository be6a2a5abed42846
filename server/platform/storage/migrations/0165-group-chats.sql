-- additive
-- Group chats of WeCom (群聊) that developers make, how far their members follow the address book, and how much was sent to them.

create table group_chat (
  corp_id text not null references corp (corp_id) on delete cascade,
  id text not null,
  n bigint generated always as identity,
  dev_id text not null references developer (dev_id) on delete cascade,
  agent_id int not null,
  name text not null,
  owner text,
  state text not null,
  wanted text[],
  members int not null,
  follow jsonb,
  followed_at timestamptz,
  matched text,
  problem text,
  request_id text,
  request_hash text,
  created_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column group_chat.id is 'the chatid at WeCom, which wisp chooses before it asks';
comment on column group_chat.n is 'receivers of messages are numbers: a chat is the negative of this, which is no member';
comment on column group_chat.owner is 'userid that the developer wants; null for whom WeCom chose';
comment on column group_chat.state is 'creating: it is not known yet whether WeCom has it; ready; failed: WeCom refused it';
comment on column group_chat.wanted is 'userids of its first members, until it is ready';
comment on column group_chat.members is 'how many it had when WeCom was last asked or told';
comment on column group_chat.follow is 'receivers {toUser, toParty, toTag} whose members it keeps; null where nobody keeps them';
comment on column group_chat.matched is 'hash of the members that were asked for last; null to compare with WeCom again';
comment on column group_chat.problem is 'JSON: why its members are not those that it follows, or why it failed';
create unique index group_chat_request on group_chat (corp_id, dev_id, request_id);
create index group_chat_developer on group_chat (dev_id);
-- Asked at each change of an address book, and at each look for causes of alerts.
create index group_chat_following on group_chat (corp_id) where follow is not null;
create index group_chat_troubled on group_chat (corp_id, id) where problem is not null;

create table group_chat_feed (
  corp_id text not null primary key references corp (corp_id) on delete cascade,
  seq bigint not null
);
comment on column group_chat_feed.seq is 'up to which change of the address book it was looked which chats it concerns';

create table group_chat_pace (
  corp_id text not null references corp (corp_id) on delete cascade,
  of text not null,
  spent jsonb not null default '[]',
  primary key (corp_id, of)
);
comment on column group_chat_pace.of is 'people: person-times; creates; changes; or agent <agentid>: messages';
comment on column group_chat_pace.spent is '[time in ms, amount], the oldest first';
