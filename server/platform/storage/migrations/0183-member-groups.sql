-- additive
-- Groups of members (人群) that are kept by a rule, a list, or both; and what names them: visibility, data scopes and own roles.

create table member_group (
  corp_id text not null references corp (corp_id) on delete cascade,
  id bigint generated always as identity,
  name text not null,
  note text not null default '',
  rule jsonb,
  has_dates boolean not null default false,
  version int not null default 1,
  is_held boolean not null default false,
  size int not null default 0,
  seq bigint not null default 0,
  scan_after bigint,
  scanned int not null default 0,
  untold_joined int not null default 0,
  untold_left int not null default 0,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (corp_id, id)
);
comment on column member_group.rule is 'comparisons joined by all, any and not (organisation/groups/rule.ts); null for a list alone';
comment on column member_group.has_dates is 'whether the rule compares with today, so that it is worked through each day';
comment on column member_group.version is 'moves with rule and list: what was decided by another version is not written';
comment on column member_group.is_held is 'nodes hold its members in memory, because visibility, a data scope or an own role names it';
comment on column member_group.seq is 'moves with its members';
comment on column member_group.scan_after is 'the rule is being worked through, up to the member of this id; null when it is done';
comment on column member_group.scanned is 'how many members were looked at in this run';
comment on column member_group.untold_joined is 'how many came since developers were last told, as untold_left those who went';
create unique index member_group_name on member_group (corp_id, lower(name));
create index member_group_dates on member_group (corp_id) where has_dates;

create table member_group_member (
  corp_id text not null,
  group_id bigint not null,
  member_id bigint not null,
  is_in boolean not null,
  is_listed boolean not null default false,
  seq bigint not null,
  at timestamptz not null,
  primary key (corp_id, group_id, member_id),
  foreign key (corp_id, group_id) references member_group (corp_id, id) on delete cascade,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on column member_group_member.is_in is 'false for somebody who left the group: nodes read from it what has changed';
comment on column member_group_member.is_listed is 'the list of the group names them, whatever the rule says';
comment on column member_group_member.seq is 'the number of the group with which this became so';
create index member_group_member_member on member_group_member (corp_id, member_id);
create index member_group_member_seq on member_group_member (corp_id, group_id, seq);
create index member_group_member_left on member_group_member (at) where not is_in and not is_listed;

create table member_group_feed (
  corp_id text not null primary key references corp (corp_id) on delete cascade,
  seq bigint not null,
  day text not null default ''
);
comment on column member_group_feed.seq is 'up to which change of the address book the groups are right';
comment on column member_group_feed.day is 'the day of the corp for which rules with dates were last worked through';

create table member_group_tag (
  corp_id text not null references corp (corp_id) on delete cascade,
  tag_id bigint not null,
  user_keys text[] not null,
  departments bigint[] not null,
  primary key (corp_id, tag_id)
);
comment on table member_group_tag is 'tags that rules name, as the groups last saw them: who differs is looked at again';

alter table app add column visible_groups bigint[] not null default '{}';
alter table announcement add column visible_groups bigint[] not null default '{}';
alter table developer add column scope_groups bigint[];
comment on column developer.scope_groups is 'groups of members within the data scope, beside scope_departments and scope_tags';
alter table own_role add column groups bigint[] not null default '{}';
comment on column own_role.groups is 'groups of members who have the role as long as they are in one of them, beside its holders';
