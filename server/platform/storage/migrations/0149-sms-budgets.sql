-- additive
-- What SMS may cost in a month, for a corp and for a developer, and what is used of it.

alter table send_approval add column sms_budget int not null default 0, add column sms_urgent int not null default 0;
comment on column send_approval.sms_budget is 'fen that SMS may cost in a month of the corp''s zone; 0: as much as they cost';
comment on column send_approval.sms_urgent is 'fen of sms_budget that only urgent messages may use';

alter table developer add column sms_budget int not null default 0;
comment on column developer.sms_budget is 'fen that its SMS may cost in a month of the corp''s zone; 0: as much as they cost';

create table sms_spent (
  corp_id text not null references corp on delete cascade,
  month text not null,
  dev_id text not null default '',
  used bigint not null default 0,
  urgent bigint not null default 0,
  stopped_at timestamptz,
  urgent_stopped_at timestamptz,
  primary key (corp_id, month, dev_id)
);
comment on table sms_spent is 'what SMS of a month cost, reserved before they leave; only while a budget is set';
comment on column sms_spent.month is 'such as 2026-12, in the corp''s zone';
comment on column sms_spent.dev_id is 'empty for the whole corp';
comment on column sms_spent.used is 'fen of what all messages may use';
comment on column sms_spent.urgent is 'fen of what only urgent messages may use; on the row of the corp';
comment on column sms_spent.stopped_at is 'since when SMS wait, or do not leave, because it is used up; null again when the budget changes';
comment on column sms_spent.urgent_stopped_at is 'the same of urgent messages';

alter table message_part add column cost int, add column paid_from text;
comment on column message_part.cost is 'fen reserved for it; null without a budget, and where it was given back';
comment on column message_part.paid_from is 'of which month, and urgent where it is of the part for urgent messages: 2026-12, 2026-12 urgent';
