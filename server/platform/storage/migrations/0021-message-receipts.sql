-- A vendor gives each receipt once: what was pulled is stored before it is read.

create table message_receipt (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  channel text not null,
  receipts jsonb not null,
  received_at timestamptz not null,
  primary key (corp_id, id)
);
comment on table message_receipt is 'a row per pull; it goes when its receipts are noted at their messages';
