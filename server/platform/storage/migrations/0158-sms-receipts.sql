-- additive
-- Receipts that vendors of SMS push, until they are noted at their messages, and the vendors' own ids, by which most of them name a send.

create table sms_receipt (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  way text not null,
  context text not null,
  serial text not null,
  phone text not null,
  is_delivered boolean not null,
  reason text not null,
  received_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column sms_receipt.context is 'our key of the send; empty where the vendor names it by its own id alone';
comment on column sms_receipt.phone is 'E.164; empty where the vendor''s id tells it';

create table sms_serial (
  corp_id text not null references corp on delete cascade,
  way text not null,
  serial text not null,
  context text not null,
  phone text not null,
  sent_at timestamptz not null,
  primary key (corp_id, way, serial)
);
comment on table sms_serial is 'of each number, for vendors that push receipts by their own ids';
create index sms_serial_age on sms_serial (sent_at);
