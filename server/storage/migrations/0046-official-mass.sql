-- Media, drafts and mass messages of official accounts.

create table official_media (
  corp_id text not null,
  original_id text not null,
  hash text not null,
  kind text not null,
  media_id text not null default '',
  url text not null default '',
  uploaded_at timestamptz,
  expires_at timestamptz,
  attempts integer not null default 0,
  turn text,
  turn_until timestamptz,
  primary key (corp_id, original_id, hash, kind),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_media is 'stored files that WeChat was given, so that none is uploaded twice';
comment on column official_media.kind is 'image, voice, video or thumb for three days, permanent … for good, article for a picture inside articles';
comment on column official_media.uploaded_at is 'null: the first upload is on its way, or nobody knows what became of it';
comment on column official_media.expires_at is 'null: WeChat keeps it for good';
comment on column official_media.turn is 'who uploads it now, until turn_until';
create index official_media_id on official_media (corp_id, original_id, media_id);
