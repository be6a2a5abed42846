-- additive
-- What a digest collected can be opened: the words of each message are kept beside its row.

alter table message_collected add column text_id text;
comment on column message_collected.text_id is 'the message that has the words for this person: it is not listed, and has no parts; null for what was collected before';
