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

create table official_publish (
  corp_id text not null,
  original_id text not null,
  publish_id text not null,
  title text not null default '',
  actor text not null default '',
  status integer not null,
  article_id text not null default '',
  urls jsonb not null default '[]',
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, original_id, publish_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_publish is 'publications of drafts; without title and actor: made on WeChat''s own site';
comment on column official_publish.status is 'WeChat''s publish_status: 0 done, 1 running, others failed or taken back';
create index official_publish_age on official_publish (corp_id, created_at);

create table official_mass (
  corp_id text not null,
  original_id text not null,
  id text not null,
  request_id text,
  audience jsonb not null,
  content jsonb not null,
  receivers integer not null,
  state text not null check (state in
    ('approval', 'waiting', 'going', 'done', 'partly', 'failed', 'stopped', 'rejected', 'deleted')),
  due_at timestamptz not null,
  actor text not null,
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, original_id, id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on column official_mass.request_id is 'the same again when the page asks again, so that pressing twice sends once';
comment on column official_mass.receivers is 'how many were meant when it was written';
comment on column official_mass.decided_by is 'who approved or rejected it, where a second administrator has to';
create unique index official_mass_request on official_mass (corp_id, original_id, request_id) where request_id is not null;
create index official_mass_open on official_mass (corp_id, original_id, due_at) where state in ('waiting', 'going');
create index official_mass_age on official_mass (corp_id, created_at);

create table official_mass_part (
  corp_id text not null,
  original_id text not null,
  mass_id text not null,
  n integer not null,
  openids text[],
  state text not null check (state in ('waiting', 'sending', 'running', 'done', 'failed', 'unknown', 'stopped')),
  due_at timestamptz not null,
  attempts integer not null default 0,
  tried_at timestamptz,
  msg_id text,
  reason jsonb,
  submitted_at timestamptz,
  ended_at timestamptz,
  primary key (corp_id, original_id, mass_id, n),
  foreign key (corp_id, original_id, mass_id) references official_mass on delete cascade
);
comment on table official_mass_part is 'one call to WeChat each, repeated under the same clientmsgid until its answer is known';
comment on column official_mass_part.openids is 'null: the call names everybody or a tag';
comment on column official_mass_part.tried_at is 'when it was sent first: WeChat knows a clientmsgid for a day';
create index official_mass_part_msg on official_mass_part (corp_id, original_id, msg_id) where msg_id is not null;

create table official_mass_result (
  corp_id text not null,
  original_id text not null,
  msg_id text not null,
  status text not null,
  total integer,
  filtered integer,
  sent integer,
  errors integer,
  urls jsonb not null default '[]',
  at timestamptz not null,
  primary key (corp_id, original_id, msg_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_mass_result is 'what WeChat said of mass messages, also of those that were made on its own site; it may come before the answer to our call';
create index official_mass_result_age on official_mass_result (corp_id, at);

create table official_mass_setting (
  corp_id text not null,
  original_id text not null,
  needs_approval boolean not null,
  primary key (corp_id, original_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on column official_mass_setting.needs_approval is 'a second administrator has to approve mass messages';
