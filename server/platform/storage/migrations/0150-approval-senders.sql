-- additive
-- Who sent what waits for approval, as it was then; when a paused message went on.

alter table message_approval add column senders bigint[] not null default '{}';
comment on column message_approval.senders is 'members.id of the administrator who sent it, or of those who owned its developer: they never approve it';

alter table message_plan add column resumed_at timestamptz;
comment on column message_plan.resumed_at is 'when it last went on after a pause: what could not leave then is tried for a day from that time';
