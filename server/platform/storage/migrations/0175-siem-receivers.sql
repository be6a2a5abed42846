-- additive
-- Where audit entries and alerts are sent (SIEM), how far each receiver has come, and which alerts it was told of.

create table siem_receiver (
  id text primary key,
  corp_id text references corp (corp_id) on delete cascade,
  name text not null,
  transport text not null,
  address text not null,
  format text not null,
  framing text not null default 'octets',
  language text not null default 'zh',
  pen integer not null default 32473,
  ca text,
  certificate text,
  private_key text,
  authorization_header text,
  is_on boolean not null default true,
  made_at timestamptz not null,
  since timestamptz not null,
  next_index bigint not null default 0,
  last_from bigint,
  sent_at timestamptz,
  tries integer not null default 0,
  failing_since timestamptz,
  failure text,
  next_at timestamptz not null,
  lease text,
  lease_until timestamptz,
  constraint siem_receiver_name unique nulls not distinct (corp_id, name)
);
comment on column siem_receiver.corp_id is 'null: of the installation';
comment on column siem_receiver.address is 'host:port of syslog, or an https address';
comment on column siem_receiver.pen is 'private enterprise number in the structured data of syslog; 32473 is for examples';
comment on column siem_receiver.private_key is 'sealed: of the client certificate';
comment on column siem_receiver.authorization_header is 'sealed: the value of the header Authorization';
comment on column siem_receiver.since is 'when it was made, or switched on last: what waited before does not make it late';
comment on column siem_receiver.next_index is 'the first entry of the tree that it has not got';
comment on column siem_receiver.last_from is 'first entry of the last batch by syslog, which is sent again when the next connection fails; null when it was';
comment on column siem_receiver.failure is 'why the last attempt failed, in words; null when it did not';

create table siem_told (
  receiver_id text not null references siem_receiver on delete cascade,
  alert_id bigint not null references alert on delete cascade,
  is_ended boolean not null,
  told_at timestamptz not null,
  primary key (receiver_id, alert_id)
);
create index siem_told_alert on siem_told (alert_id);
comment on table siem_told is 'alerts that a receiver was told of';
