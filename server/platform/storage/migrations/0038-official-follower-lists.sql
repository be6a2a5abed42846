-- The full list of an account's followers, their tags, and QR codes that tell by which one somebody came.

alter table official_follower add column listed_at timestamptz;
comment on column official_follower.listed_at is 'when the pull began that last found the person among the followers';
create index official_follower_order on official_follower (corp_id, original_id, subscribed_at desc nulls last, openid);
create index official_follower_unread on official_follower (corp_id, original_id) where subscribed and read_at is null;
create index official_follower_qr on official_follower (corp_id, original_id, qr_scene) where qr_scene <> '';
create unique index official_follower_link on official_follower (corp_id, original_id, member_id)
  where member_id is not null;

create table official_pull (
  corp_id text not null,
  original_id text not null,
  state text not null check (state in ('running', 'done', 'failed')),
  cursor text not null default '',
  total integer,
  read integer not null default 0,
  gone integer not null default 0,
  attempts integer not null default 0,
  reason jsonb,
  requested_by text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (corp_id, original_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on table official_pull is 'the last pull of an account''s followers; one that failed goes on where it stopped';
comment on column official_pull.cursor is 'the last openid of the pages that are stored; the next page begins after it';
comment on column official_pull.attempts is 'failures since the last page that was stored';

create table official_tag (
  corp_id text not null,
  original_id text not null,
  tag_id integer not null,
  name text not null,
  primary key (corp_id, original_id, tag_id),
  foreign key (corp_id, original_id) references official_account on delete cascade
);

create table official_qr_code (
  corp_id text not null,
  original_id text not null,
  scene text not null,
  name text not null,
  url text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (corp_id, original_id, scene),
  foreign key (corp_id, original_id) references official_account on delete cascade
);
comment on column official_qr_code.url is 'what the picture holds';
comment on column official_qr_code.expires_at is 'null: permanent';
