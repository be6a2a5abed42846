-- Packet encryption: what a developer wants, its devices with their master keys, their sessions, and the nonces that were used.

alter table developer
  add column packets text not null default 'off' check (packets in ('off', 'allowed', 'required')),
  add column new_devices boolean not null default true;
comment on column developer.packets is 'whether calls may, or must, be encrypted packets';
comment on column developer.new_devices is 'false: no further device can register; those that are registered go on';

create table packet_device (
  corp_id text not null references corp on delete cascade,
  dev_id text not null references developer on delete cascade,
  device_id text not null,
  master_key text not null,
  registered_at timestamptz not null,
  used_at timestamptz,
  primary key (corp_id, dev_id, device_id)
);
comment on column packet_device.master_key is 'base64 of 32 bytes, sealed';
comment on column packet_device.registered_at is 'when it got its present master key';
comment on column packet_device.used_at is 'when it last opened a session; null: never';

create table packet_session (
  corp_id text not null,
  id text not null,
  dev_id text not null,
  device_id text not null,
  suite text not null check (suite in ('gcm', 'md5')),
  nonce uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (corp_id, id),
  foreign key (corp_id, dev_id, device_id) references packet_device on delete cascade
);
comment on column packet_session.nonce is 'the 16 bytes from which, with the master key and the id, the session''s keys are derived';
create index packet_session_device on packet_session (corp_id, dev_id, device_id, created_at);
create index packet_session_end on packet_session (expires_at);

create table packet_nonce (
  corp_id text not null references corp on delete cascade,
  owner text not null,
  nonce uuid not null,
  ends_at timestamptz not null,
  primary key (corp_id, owner, nonce)
);
comment on table packet_nonce is 'nonces that were used, so that nobody sends the same packet again';
comment on column packet_nonce.owner is 'a session''s id, or the devId and the deviceId with a space between them';
comment on column packet_nonce.nonce is '16 bytes';
comment on column packet_nonce.ends_at is 'when its timestamp is five minutes old and the packet is refused for that';
create index packet_nonce_end on packet_nonce (ends_at);
