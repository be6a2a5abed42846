-- additive
-- What a person chooses (消息设置): for one type of messages, and for all.

create table message_choice (
  corp_id text not null,
  member_id bigint not null,
  type_key text not null,
  is_off boolean,
  channels text[],
  without text[] not null default '{}',
  digest text,
  changed_at timestamptz not null,
  primary key (corp_id, member_id, type_key),
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade,
  foreign key (corp_id, type_key) references message_type (corp_id, key) on delete cascade
);
create index message_choice_type on message_choice (corp_id, type_key);
comment on column message_choice.is_off is 'false: switched on whatever is chosen for all; null: nothing is chosen';
comment on column message_choice.channels is 'ways in their order; null: those of the type';
comment on column message_choice.without is 'ways by which the person does not want this type';
comment on column message_choice.digest is 'off, or the time of day at which a daily digest leaves, such as 18:00; null: as the type says';

create table message_choice_all (
  corp_id text not null,
  member_id bigint not null,
  is_all_off boolean not null default false,
  quiet_hours jsonb,
  changed_at timestamptz not null,
  primary key (corp_id, member_id),
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on column message_choice_all.is_all_off is 'all types are off that can be switched off, but for those of which the person chose otherwise';
comment on column message_choice_all.quiet_hours is 'days (1 is Monday), from and to in minutes of the day, timeZone';
