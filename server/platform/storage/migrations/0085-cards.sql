-- additive
-- Cards that people answer: what was sent, what they pressed, and the codes by which a card can still be changed.

create table message_card (
  message_id text primary key references message on delete cascade,
  corp_id text not null references corp on delete cascade,
  asked text not null,
  card_type text not null,
  first_press bigint,
  first_user text
);
comment on column message_card.asked is 'the message that asked first: a reminder asks the same again, and its answers count there';
comment on column message_card.first_press is 'the press that ended it for all, where the first one does';
comment on column message_card.first_user is 'who made it, as the others read it';
create index message_card_asked on message_card (asked);

create table card_press (
  id bigint generated always as identity primary key,
  corp_id text not null references corp on delete cascade,
  message_id text not null references message on delete cascade,
  asked text not null references message on delete cascade,
  member_id bigint,
  user_id text not null,
  user_key text not null,
  key text not null,
  card_type text not null,
  selected jsonb not null,
  is_menu boolean not null,
  accepted boolean not null,
  pressed_at timestamptz not null,
  received_at timestamptz not null
);
comment on column card_press.asked is 'as of message_card';
comment on column card_press.member_id is 'null for a userid that the address book did not know';
comment on column card_press.selected is '[{questionKey, optionIds}]';
comment on column card_press.accepted is 'false: somebody had pressed before, and the first press ended it';
create index card_press_of_message on card_press (asked, id);
create index card_press_sent on card_press (message_id);

create table card_code (
  id bigint generated always as identity primary key,
  corp_id text not null references corp on delete cascade,
  message_id text not null references message on delete cascade,
  part_id bigint,
  person text,
  code text not null,
  expires_at timestamptz not null,
  state text not null default 'free',
  claimed_until timestamptz
);
comment on table card_code is 'response_codes of WeCom: good once, within 72 hours. They are of no use without the token of the agent, and lie in the pushes that brought them, too';
comment on column card_code.part_id is 'the call whose receivers'' cards it changes; null for the code of a press';
comment on column card_code.person is 'whose press brought it, and whose card it changes: m and the member''s id, or u and the userid';
comment on column card_code.state is 'free | claimed (a call with it is under way) | used | dead (WeCom does not take it)';
comment on column card_code.claimed_until is 'when the call is given up; nobody knows then whether the code was used';
create unique index card_code_of_part on card_code (part_id) where part_id is not null;
create index card_code_of_message on card_code (message_id);
create index card_code_old on card_code (expires_at);
