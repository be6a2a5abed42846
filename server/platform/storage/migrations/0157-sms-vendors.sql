-- additive
-- SMS by several vendors in order: which one a part goes by is written before it leaves. Nodes that do not know this send by the first.

alter table message_part add column ways text[], add column lacked_at timestamptz;
comment on column message_part.ways is 'for a channel with several ways, such as the vendors of SMS: those that were tried, and last the one that it goes by; null before the first';
comment on column message_part.lacked_at is 'since when the record of an upstream that did not answer has nothing of it';
alter table message_attempt add column way text;
comment on column message_attempt.way is 'by which way it went; null where the channel has one';

alter table sms_template add column vendors jsonb not null default '{}';
comment on column sms_template.vendors is 'by the vendor''s name: the template''s id there, its sign and the order of its parameters; vendor_id is the first vendor''s';
