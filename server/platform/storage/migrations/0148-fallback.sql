-- additive
-- What is tried when a person was not reached, or has not looked: the ways of one person count as one.

alter table message_plan add column falls_back boolean not null default false;
comment on column message_plan.falls_back is 'its type has a fallback: a person may be in several of the messages that carry its texts, and counts once, by the best';
