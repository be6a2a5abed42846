-- additive
-- What is due to be told to the leader of a person waits for others of the same leader and type, and leaves with them as one notice.

alter table message_waiting add column leader_id bigint;
create index message_waiting_leader on message_waiting (corp_id, leader_id, type_key, due_at) where leader_id is not null;
comment on column message_waiting.leader_id is 'the leader (member.id) who is told of this step when it is due, with all that is due for them of the type; null for every other step';
