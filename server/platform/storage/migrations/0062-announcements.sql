-- additive
-- Announcements on the workbench, and those that each person has put away.

create table announcement (
  corp_id text not null references corp on delete cascade,
  id bigint not null generated always as identity,
  title text not null,
  content text not null,
  is_important boolean not null,
  visible_to_all boolean not null,
  visible_departments bigint[] not null,
  visible_members bigint[] not null,
  visible_tags bigint[] not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  withdrawn_by text,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (corp_id, id)
);
comment on column announcement.content is 'plain text with line breaks; pages make links of the addresses in it';
comment on column announcement.visible_to_all is 'else: those in visible_departments and below, with visible_tags, or among visible_members';
comment on column announcement.visible_members is 'member.id';
comment on column announcement.until_at is 'its end, which withdrawing it moves to that moment';
comment on column announcement.withdrawn_by is 'null: it ends or ended by itself';
comment on column announcement.version is 'moves with each save: who saves from an older one is refused';
create index announcement_until on announcement (until_at);

create table announcement_reader (
  corp_id text not null references corp on delete cascade,
  owner text not null,
  put_away bigint[] not null,
  primary key (corp_id, owner)
);
comment on column announcement_reader.owner is 'member.id, or admin:<name> of the local administrator';
comment on column announcement_reader.put_away is 'announcement.id; those that have ended go with the next one that is put away';
