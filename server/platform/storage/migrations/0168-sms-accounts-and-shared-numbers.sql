-- additive
-- Which account of an SMS vendor an attempt used: the record of another one, put in its place since, says nothing of it.

alter table message_part add column account text;
comment on column message_part.account is 'tells the account by which it goes from others under the same name in ways; null for a channel without several ways';

-- Members who share a number get one SMS, which is paid for once.
alter table message_part add column shared text[];
comment on column message_part.shared is 'those of user_ids who have the address of the one before them, and get the same message by it; null for nobody';
