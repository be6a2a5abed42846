-- additive
-- What waits before it leaves: a whole call that is due later, or single persons of a message; and why, once for each decision.

alter table message add column about text, add column due_at timestamptz, add column expires_at timestamptz;
comment on column message.about is 'the developer''s own number of the matter, unique by type and person among what has not left';
comment on column message.due_at is 'when its developer wants it sent; null for at once';
comment on column message.expires_at is 'when what has not left is not sent any more';

create table message_about (
  corp_id text not null,
  message_id text not null,
  dev_id text not null,
  type_key text not null default '',
  about text not null,
  primary key (corp_id, message_id),
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create index message_about_of on message_about (corp_id, dev_id, type_key, about);
comment on table message_about is 'the messages of an about; apart from message, whose ten million rows an index would read under a lock';
comment on column message_about.type_key is 'empty for a message without a type';

create table message_plan (
  corp_id text not null,
  message_id text not null,
  dev_id text not null,
  call text not null,
  input text not null,
  state text not null,
  due_at timestamptz,
  divided_to bigint,
  reason text,
  ended_at timestamptz,
  primary key (corp_id, message_id),
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create index message_plan_due on message_plan (corp_id, due_at) where state = 'waiting';
comment on table message_plan is 'what a call asked for that could not leave at once; its message has no parts until then';
comment on column message_plan.call is 'notify | send | sms';
comment on column message_plan.input is 'sealed: the inputs as the call read them';
comment on column message_plan.state is 'waiting: the whole waits | people: it was divided into persons, who wait | done | cancelled';
comment on column message_plan.due_at is 'when the whole is looked at; null while only a person can move it';
comment on column message_plan.divided_to is 'up to which member.id a call to many is divided into persons, who are written some at a time; null before and after; it stays where the call was ended in between';
comment on column message_plan.reason is 'why it was cancelled, as message_part.reason';
comment on column message_plan.ended_at is 'since when nothing of it waits; retention and the requestId count from then';

create table message_waiting (
  corp_id text not null,
  id bigint generated always as identity,
  message_id text not null,
  member_id bigint not null,
  user_id text not null,
  type_key text not null,
  about text,
  step smallint not null default 0,
  digest_id text,
  due_at timestamptz not null,
  primary key (corp_id, id),
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create unique index message_waiting_person on message_waiting (corp_id, message_id, member_id);
create index message_waiting_due on message_waiting (corp_id, due_at) where digest_id is null;
create index message_waiting_of on message_waiting (corp_id, member_id, type_key);
create index message_waiting_digest on message_waiting (corp_id, digest_id) where digest_id is not null;
comment on table message_waiting is 'a person who has not got a message yet, or whose next step is due then; the row goes with its decision';
comment on column message_waiting.step is '0: it has not left; n: the n-th step of the type''s fallback is due';

create table message_digest (
  corp_id text not null references corp on delete cascade,
  id text not null,
  type_key text not null,
  member_id bigint not null,
  about text not null default '',
  closes_at timestamptz not null,
  primary key (corp_id, id)
);
create unique index message_digest_open on message_digest (corp_id, type_key, member_id, about);
create index message_digest_due on message_digest (corp_id, closes_at);
comment on table message_digest is 'a digest that still collects; the row goes in the transaction that writes its message';

create table message_collected (
  corp_id text not null,
  message_id text not null,
  member_id bigint not null,
  user_id text not null,
  digest_message_id text not null,
  primary key (corp_id, message_id, member_id),
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create index message_collected_in on message_collected (corp_id, digest_message_id);
comment on table message_collected is 'who got a message within another that lists it; what became of that one is what became of this';

create table message_left (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  type_key text not null,
  member_id bigint not null,
  at timestamptz not null,
  is_digest boolean not null,
  primary key (corp_id, id)
);
create index message_left_to on message_left (corp_id, type_key, member_id, at) include (is_digest);
create index message_left_at on message_left (at);
comment on table message_left is 'when messages of a type that has a limit or a digest left for a person';

create table message_step (
  corp_id text not null,
  id bigint generated always as identity,
  message_id text not null,
  member_id bigint not null,
  at timestamptz not null,
  what text not null,
  channel text,
  cause jsonb not null,
  until timestamptz,
  primary key (corp_id, id),
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create index message_step_person on message_step (corp_id, message_id, member_id, id);
comment on table message_step is 'why a person got a message when and how they did: each decision once, where it differs from at once by the first channel';
comment on column message_step.what is 'send | wait | collect | drop | cancel';
comment on column message_step.cause is 'a coded reason';
