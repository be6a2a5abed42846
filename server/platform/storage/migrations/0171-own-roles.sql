-- additive
-- Roles of the corp's own (自定义角色): some points of administrators within a range, and who has them until when.

create table own_role (
  corp_id text not null references corp (corp_id) on delete cascade,
  id bigint generated always as identity,
  name text not null,
  points text[] not null,
  range text not null,
  departments bigint[] not null default '{}',
  app_ids text[] not null default '{}',
  dev_ids text[] not null default '{}',
  until timestamptz,
  changed_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column own_role.range is 'corp; departments: these and what is below; apps: these apps and developers';
comment on column own_role.departments is 'a department that is deleted is taken out; empty beside the range departments: the role reaches nothing';
comment on column own_role.until is 'from then on the role gives nothing; null for no end';
create unique index own_role_name on own_role (corp_id, lower(name));

create table own_role_holder (
  corp_id text not null,
  role_id bigint not null,
  member_id bigint not null,
  until timestamptz,
  given_by text not null,
  given_at timestamptz not null,
  primary key (corp_id, role_id, member_id),
  foreign key (corp_id, role_id) references own_role (corp_id, id) on delete cascade,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
create index own_role_holder_member on own_role_holder (corp_id, member_id);
create index own_role_holder_until on own_role_holder (until) where until is not null;
