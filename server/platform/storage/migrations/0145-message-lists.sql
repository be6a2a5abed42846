-- additive
-- Lists of receivers (名单): who gets a message, with the variables of each, as they came in a file. Announcements that were sent as a message too.

create table message_list (
  corp_id text not null references corp on delete cascade,
  id text not null,
  dev_id text not null,
  variables text[] not null,
  rows int not null,
  made_at timestamptz not null,
  used_at timestamptz not null,
  primary key (corp_id, id)
);
create index message_list_age on message_list (used_at);
create index message_list_developer on message_list (corp_id, dev_id);
comment on column message_list.dev_id is 'whose it is: a developer, or the operator for those of the console';
comment on column message_list.variables is 'the columns of the file that are no person, in their order';
comment on column message_list.used_at is 'when it was sent to last, or when a message waits to be sent to it';

create table message_list_piece (
  corp_id text not null,
  list_id text not null,
  n int not null,
  content text not null,
  primary key (corp_id, list_id, n),
  foreign key (corp_id, list_id) references message_list on delete cascade
);
comment on column message_list_piece.content is 'sealed: some rows, each with its line, the person and the values';

alter table announcement add column message_id text;
create unique index announcement_message on announcement (corp_id, message_id) where message_id is not null;
comment on column announcement.message_id is 'the message that was sent with it, which makes no second one when it is repeated';
