-- additive
-- Files of messages: what developers upload, which messages name it, and under which media_id WeCom has it.

create table message_media (
  corp_id text not null references corp on delete cascade,
  id text not null,
  dev_id text not null,
  hash text not null,
  kind text not null,
  type text not null,
  name text not null,
  size int not null,
  made_at timestamptz not null,
  used_at timestamptz not null,
  primary key (corp_id, id)
);
create unique index message_media_same on message_media (corp_id, dev_id, hash, name);
create index message_media_hash on message_media (corp_id, hash);
create index message_media_age on message_media (used_at);
comment on column message_media.dev_id is 'whose it is: a developer, or the operator for those of the console';
comment on column message_media.hash is 'of the stored_file, made with a key: who has the same file cannot ask for it';
comment on column message_media.kind is 'image | voice | video | file: what the content is';
comment on column message_media.type is 'the MIME type, recognised by the content; application/octet-stream for the rest';
comment on column message_media.used_at is 'when it was last uploaded or named by a message, to within a day';

create table message_media_use (
  corp_id text not null,
  media_id text not null,
  message_id text not null,
  given_id text,
  given_until timestamptz,
  primary key (corp_id, media_id, message_id),
  foreign key (corp_id, media_id) references message_media on delete cascade,
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create index message_media_use_message on message_media_use (corp_id, message_id);
comment on table message_media_use is 'which messages name a file: it stays as long as they do';
comment on column message_media_use.given_id is 'the media_id of WeCom by which this message is sent, always the same until it ends: repetitions have the same bytes';

create table message_media_upload (
  corp_id text not null,
  media_id text not null,
  agent_id int not null,
  type text not null,
  given_id text not null,
  until timestamptz not null,
  primary key (corp_id, media_id, agent_id, type),
  foreign key (corp_id, media_id) references message_media on delete cascade
);
create index message_media_upload_end on message_media_upload (until);
comment on column message_media_upload.type is 'as what it was uploaded: a picture that is sent as a file is uploaded as a file';
comment on column message_media_upload.until is 'when WeCom forgets it';
