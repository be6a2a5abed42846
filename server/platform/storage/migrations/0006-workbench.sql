-- How a person arranged the workbench, and up to where they have read their messages.

create table workbench (
  corp_id text not null references corp on delete cascade,
  owner text not null,
  favourites text[] not null default '{}',
  recent text[] not null default '{}',
  read_at timestamptz,
  primary key (corp_id, owner)
);
comment on column workbench.owner is 'member.id, or admin:<name> of the local administrator';
comment on column workbench.favourites is 'app.id, in the person''s own order';
comment on column workbench.recent is 'app.id, the one opened last first';
comment on column workbench.read_at is 'messages that arrived later are unread';

-- These find a person's messages. They hold only finished parts, so that each part is inserted once and sending pays for it
-- once. A single receiver is by far the commonest case and has an index of its own, which also gives the order.
create index message_part_of_one on message_part ((member_ids[1]), finished_at, id)
  where cardinality(member_ids) = 1 and chunk = 0 and state in ('sent', 'failed', 'unknown');
create index message_part_of_many on message_part using gin (member_ids)
  where cardinality(member_ids) > 1 and chunk = 0 and state in ('sent', 'failed', 'unknown');
create index message_part_to_all on message_part (corp_id, finished_at, id)
  where cardinality(member_ids) = 0 and chunk = 0 and state in ('sent', 'failed', 'unknown');
