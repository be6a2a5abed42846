-- additive

-- People who are not in WeCom (外部人员). Each has a row of `member` with status 6, which nodes of earlier versions would take for a member
-- of WeCom; nobody is written while such a node lives.

create table external_department (
  corp_id text not null references corp on delete cascade,
  id bigint not null,
  name text not null,
  parent_id bigint not null,
  created_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column external_department.id is 'from 2^33, above every department of WeCom; the first is the root of the tree';

create table external_person (
  corp_id text not null references corp on delete cascade,
  member_id bigint not null,
  organisation text not null,
  department_id bigint not null,
  sponsor_id bigint,
  sponsor_department bigint,
  ends_at timestamptz not null,
  reminded_days smallint,
  created_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_by text not null default '',
  primary key (corp_id, member_id),
  foreign key (corp_id, member_id) references member on delete cascade,
  check ((sponsor_id is null) <> (sponsor_department is null))
);
comment on column external_person.sponsor_id is 'a member; no reference, since a sponsor who left is told to administrators';
comment on column external_person.reminded_days is 'how many days before the present end the person was last reminded; null: not yet';
comment on column external_person.ended_by is 'who ended it; empty: its end came';
create index external_person_present on external_person (corp_id, ends_at) where ended_at is null;

create table external_becoming (
  corp_id text not null references corp on delete cascade,
  external_id bigint not null,
  member_id bigint not null,
  proposed_at timestamptz not null,
  proved_at timestamptz,
  decided_at timestamptz,
  decided_by text not null default '',
  accepted boolean,
  primary key (corp_id, external_id, member_id),
  foreign key (corp_id, external_id) references member on delete cascade,
  foreign key (corp_id, member_id) references member on delete cascade
);
comment on table external_becoming is 'somebody from outside who may be a member by now, because WeCom has the same mobile';
comment on column external_becoming.proved_at is 'when the member, signed in by WeCom, gave the code sent to the mobile of the other';
create index external_becoming_member on external_becoming (corp_id, member_id);
