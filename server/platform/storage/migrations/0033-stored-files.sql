-- Files that people give and features refer to: icons, pictures and sounds of replies, covers of drafts.

create table stored_file (
  corp_id text not null references corp on delete cascade,
  hash text not null,
  type text not null,
  bytes bytea not null,
  wanted_at timestamptz not null,
  primary key (corp_id, hash)
);
comment on column stored_file.hash is 'SHA-256 of the bytes, hex: the same file is stored once in a corp';
comment on column stored_file.type is 'the MIME type, recognised by the content';
comment on column stored_file.wanted_at is 'when it was last given or referred to; a file that nothing refers to goes a day later';
-- Pictures and sounds are compressed already.
alter table stored_file alter column bytes set storage external;
create index stored_file_wanted on stored_file (wanted_at);
