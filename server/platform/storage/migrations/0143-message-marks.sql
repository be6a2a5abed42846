-- additive
-- What a person did with a message: opened it, acknowledged it, put it away, was urged. There is a row only for a person who did
-- something, or was urged. That it was on their screen is workbench.read_at.

create table message_mark (
  corp_id text not null,
  message_id text not null,
  member_id bigint not null,
  read_at timestamptz,
  acknowledged_at timestamptz,
  archived_at timestamptz,
  later_until timestamptz,
  urged smallint not null default 0,
  urged_at timestamptz,
  primary key (corp_id, message_id, member_id),
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create index message_mark_later on message_mark (corp_id, member_id, later_until) where later_until is not null;
comment on column message_mark.message_id is 'the listed message, also where a person got one text of it';
comment on column message_mark.read_at is 'when its receiver opened it, signed in; null for one who did not';
comment on column message_mark.acknowledged_at is 'when its receiver pressed 收到';
comment on column message_mark.later_until is 'put off until then, when it comes back; null when it is not';
comment on column message_mark.urged is 'how often the person was urged';

create table announcement_mark (
  corp_id text not null,
  announcement_id bigint not null,
  member_id bigint not null,
  shown_at timestamptz not null,
  read_at timestamptz,
  primary key (corp_id, announcement_id, member_id),
  foreign key (corp_id, announcement_id) references announcement (corp_id, id) on delete cascade
);
comment on table announcement_mark is 'a person on whose screen an announcement was';
comment on column announcement_mark.read_at is 'when the person opened it or put it away';
