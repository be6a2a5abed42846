-- additive
-- Mail of a corp: the keys that sign it (DKIM), what its bounces say, and the addresses to which nothing is sent because of them.

create table mail_key (
  corp_id text not null references corp on delete cascade,
  selector text not null,
  domain text not null,
  private_key text not null,
  public_key text not null,
  made_at timestamptz not null,
  used_since timestamptz,
  primary key (corp_id, selector)
);
comment on column mail_key.private_key is 'sealed PEM';
comment on column mail_key.public_key is 'DER in base64, as it stands in the DNS';
comment on column mail_key.used_since is 'null until mail is signed with it, which begins once its line is in the DNS';

create table mail_stop (
  corp_id text not null references corp on delete cascade,
  address text not null,
  status text not null,
  said text not null,
  stopped_at timestamptz not null,
  primary key (corp_id, address)
);
create index mail_stop_age on mail_stop (stopped_at);
comment on column mail_stop.address is 'in lower case';
comment on column mail_stop.status is 'as the bounce gives it, such as 5.1.1';

create table mail_bounce (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  context text not null,
  address text not null,
  reason text not null,
  read_at timestamptz not null,
  primary key (corp_id, id)
);
create index mail_bounce_age on mail_bounce (read_at);
comment on table mail_bounce is 'what the mailbox of bounces said, until it is noted at the messages';
comment on column mail_bounce.context is 'id of the message and number of its part';

create table mail_box (
  corp_id text not null references corp on delete cascade,
  box text not null,
  uid_validity text not null,
  next_uid bigint not null,
  read_at timestamptz not null,
  failing_since timestamptz,
  failure jsonb,
  primary key (corp_id)
);
comment on column mail_box.box is 'server and user; another begins at its end';
comment on column mail_box.next_uid is 'mails with smaller UIDs have been read';
comment on column mail_box.failure is 'why it could not be read last, in both languages';
