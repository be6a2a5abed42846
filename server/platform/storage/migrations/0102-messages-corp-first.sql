-- Puts the corp first in the keys of messages and of what belongs to them, so that no statement reads other corps' rows, and the
-- rows of a corp lie together. Not additive: an older node finds neither its unique keys nor writes the new columns.

alter table message_part drop constraint message_part_message_id_fkey;
alter table message_card drop constraint message_card_message_id_fkey;
alter table card_press drop constraint card_press_message_id_fkey, drop constraint card_press_asked_fkey;
alter table card_code drop constraint card_code_message_id_fkey;

-- Attempts and results had no corp. They are written anew, because an update would leave each row behind once more.
create table message_attempt_of_corp (
  corp_id text not null,
  part_id bigint not null,
  n integer not null,
  at timestamptz not null,
  ms integer not null,
  outcome text not null,
  answer text not null,
  refused jsonb
);
insert into message_attempt_of_corp (corp_id, part_id, n, at, ms, outcome, answer, refused)
  select p.corp_id, a.part_id, a.n, a.at, a.ms, a.outcome, a.answer, a.refused
  from message_attempt a join message_part p on p.id = a.part_id;
drop table message_attempt;
alter table message_attempt_of_corp rename to message_attempt;
comment on table message_attempt is 'the timeline: each call to upstream and what it answered';
comment on column message_attempt.refused is 'receivers whom upstream refused in this call: [{"userId", "reason"}]; null when there were none';

create table message_result_of_corp (
  corp_id text not null,
  message_id text not null,
  user_id text not null,
  part_id bigint,
  state text not null,
  reason text not null,
  at timestamptz not null
);
insert into message_result_of_corp (corp_id, message_id, user_id, part_id, state, reason, at)
  select m.corp_id, r.message_id, r.user_id, r.part_id, r.state, r.reason, r.at
  from message_result r join message m on m.id = r.message_id;
drop table message_result;
alter table message_result_of_corp rename to message_result;
comment on table message_result is 'receivers that fared otherwise than their part; state: failed | delivered';

alter table message drop constraint message_pkey, add primary key (corp_id, id);
alter table message_part drop constraint message_part_pkey, drop constraint message_part_message_id_n_key,
  add primary key (corp_id, id), add unique (corp_id, message_id, n);
alter table message_attempt add primary key (corp_id, part_id, n);
alter table message_result add primary key (corp_id, message_id, user_id);
alter table message_card drop constraint message_card_pkey, add primary key (corp_id, message_id);
alter table card_press drop constraint card_press_pkey, add primary key (corp_id, id);
alter table card_code drop constraint card_code_pkey, add primary key (corp_id, id);

alter table message_part add foreign key (corp_id, message_id) references message on delete cascade;
alter table message_attempt add foreign key (corp_id, part_id) references message_part on delete cascade;
alter table message_result add foreign key (corp_id, message_id) references message on delete cascade;
alter table message_card add foreign key (corp_id, message_id) references message on delete cascade;
alter table card_press add foreign key (corp_id, message_id) references message on delete cascade,
  add foreign key (corp_id, asked) references message on delete cascade;
alter table card_code add foreign key (corp_id, message_id) references message on delete cascade;

drop index message_request;
create unique index message_request on message (corp_id, dev_id, request_id) where request_id is not null;
drop index message_expanding;
create index message_expanding on message (corp_id, channel) where expanded_to is not null;
drop index message_part_due;
create index message_part_due on message_part (corp_id, channel, next_attempt_at) where state in ('waiting', 'sending', 'asking');
drop index message_part_of_one;
create index message_part_of_one on message_part (corp_id, (member_ids[1]), finished_at, id)
  where cardinality(member_ids) = 1 and chunk = 0 and state in ('sent', 'failed', 'unknown');
create index message_result_failed on message_result (corp_id, message_id, user_id) where state = 'failed';
drop index message_card_asked;
create index message_card_asked on message_card (corp_id, asked);
drop index card_press_of_message;
create index card_press_of_message on card_press (corp_id, asked, id);
drop index card_press_sent;
create index card_press_sent on card_press (corp_id, message_id);
drop index card_code_of_part;
create unique index card_code_of_part on card_code (corp_id, part_id) where part_id is not null;
drop index card_code_of_message;
create index card_code_of_message on card_code (corp_id, message_id);
