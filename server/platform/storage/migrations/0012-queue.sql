-- One inbox for everything that upstreams push, and one queue of all work that is due. Rows of the queue are deleted when
-- nothing is left to do, so that idle corps cost nothing.

alter table contact_event rename to inbox_event;
alter table inbox_event rename column change_type to kind;
alter table inbox_event rename column nonce to dedupe_key;
alter table inbox_event add column stream text not null default 'directory';
alter table inbox_event alter column stream drop default;
alter table inbox_event add column priority smallint not null default 0;
update inbox_event set priority = 1 where source = 'hint';
comment on column inbox_event.stream is 'directory: changes of the address book';
comment on column inbox_event.kind is 'the upstream''s name of it';
comment on column inbox_event.entity is 'what it concerns; events of one entity are applied in order. In the directory: user:<key> | party:<id> | tag:<id> | other';
comment on column inbox_event.dedupe_key is 'an upstream''s repetition of one delivery has the same; in the directory the nonce';
comment on column inbox_event.payload_hash is 'tells a repetition from another payload under the same key';
comment on column inbox_event.priority is '0 what an upstream said | 1 what anybody may say';

-- Two changes within a second may have equal payloads, so only the delivery tells whether it is a repetition.
drop index contact_event_payload;
drop index contact_event_nonce;
drop index contact_event_hint;
drop index contact_event_open;
alter table inbox_event drop constraint contact_event_pkey;
alter table inbox_event add primary key (corp_id, id);
alter index contact_event_age rename to inbox_event_age;
create unique index inbox_event_dedupe on inbox_event (corp_id, stream, dedupe_key) where dedupe_key is not null;
create unique index inbox_event_hint on inbox_event (corp_id, stream, entity) where source = 'hint' and state = 'pending';
create index inbox_event_open on inbox_event (corp_id, stream, priority, id) where state in ('pending', 'parked');

drop table sync_lease;

create table queue (
  corp_id text not null references corp on delete cascade,
  stream text not null,
  key text not null default '',
  priority smallint not null default 0,
  due_at timestamptz not null,
  attempts integer not null default 0,
  lease text,
  holder text,
  lease_until timestamptz,
  primary key (corp_id, stream, key)
);
comment on table queue is 'what is due: one node at a time works on a key of a stream; what there is to do stands in the stream''s own tables';
comment on column queue.due_at is 'infinity from the moment it is claimed until something is enqueued again';
comment on column queue.lease is 'made anew for each holder: a write that names an old one fails';
comment on column queue.lease_until is 'by the database''s clock; a holder that says nothing for so long has lost it';
create index queue_due on queue (stream, due_at) where lease is null;
create index queue_leased on queue (stream, lease_until) where lease is not null;

insert into queue (corp_id, stream, due_at)
  select corp_id, 'directory', now() from inbox_event where state = 'pending'
  union
  select corp_id, 'directory', now() from sync_run where state in ('waiting', 'running');
insert into queue (corp_id, stream, key, due_at)
  select distinct corp_id, 'messages', channel, now() from message_part where state in ('waiting', 'sending', 'asking')
  union
  select corp_id, 'messages', channel, now() from message where expanded_to is not null;

-- Parts are looked up corp by corp, so that a corp with many does not keep the others waiting.
drop index message_part_due;
create index message_part_due on message_part (corp_id, channel, next_attempt_at)
  where state in ('waiting', 'sending', 'asking');
drop index message_expanding;
create index message_expanding on message (corp_id, channel, created_at) where expanded_to is not null;
