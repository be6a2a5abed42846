-- additive
-- Types of messages (消息类型): what a developer or the corp says, by which channels, in which words. Messages of a type say so. What one call
-- sends in several texts is one message with others below it, of which only the first is listed.

create table message_type (
  corp_id text not null references corp on delete cascade,
  key text not null,
  dev_id text references developer on delete cascade,
  state text not null default 'live',
  version int,
  created_at timestamptz not null,
  primary key (corp_id, key)
);
create index message_type_developer on message_type (dev_id) where dev_id is not null;
comment on column message_type.dev_id is 'whose type it is; null for the corp''s own';
comment on column message_type.state is 'live | paused | revoked';
comment on column message_type.version is 'the version in force; null before the first is approved';

create table message_type_version (
  corp_id text not null,
  key text not null,
  version int not null,
  content jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  superseded_at timestamptz,
  primary key (corp_id, key, version),
  foreign key (corp_id, key) references message_type on delete cascade
);
create index message_type_version_age on message_type_version (superseded_at) where superseded_at is not null;
comment on column message_type_version.content is 'name, level, channels in order and templates; never changed';
comment on column message_type_version.made_by is 'the actor, as in the audit log';
comment on column message_type_version.approved_by is 'null while it waits for approval, and where none was needed';
comment on column message_type_version.superseded_at is 'when a later version came into force, or a later draft in its place';

alter table message add column type_key text, add column type_version int, add column parent_id text, add column children text[];
comment on column message.parent_id is 'the message of whose call this one is a text; it is not listed itself';
comment on column message.children is 'the messages that carry the texts of this one, which has no parts of its own';
