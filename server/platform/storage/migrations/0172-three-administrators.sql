-- additive
-- The three administrators (三员): where they are separated, who they are, and acts that take several of them. Rows are written only
-- when all living nodes know this migration.

create table three_person (
  person text primary key,
  role text not null,
  unique (person, role),
  constraint three_person_role check (role in ('system', 'security', 'auditor'))
);
comment on table three_person is 'which one of the three somebody is, in all corps and the installation: never two of them';
comment on column three_person.person is 'the mobile at the appointment; account:NAME; member:CORP/ID for somebody without a mobile';

create table three_scope (
  scope text primary key,
  corp_id text references corp on delete cascade,
  since timestamptz not null,
  constraint three_scope_corp check (scope = coalesce(corp_id, ''))
);
comment on table three_scope is 'where the three are separated; no row: they are not';
comment on column three_scope.corp_id is 'null: the installation';

create table three_holder (
  id bigint primary key generated always as identity,
  corp_id text references corp on delete cascade,
  role text not null,
  person text,
  admin_name text,
  member_corp text,
  member_id bigint,
  user_id text not null,
  name text not null,
  declared boolean not null default false,
  given_by text not null,
  given_at timestamptz not null,
  ended_at timestamptz,
  foreign key (person, role) references three_person (person, role),
  constraint three_holder_live check ((ended_at is null) = (person is not null)),
  constraint three_holder_who check ((admin_name is null) = (member_id is not null) and (member_id is null) = (member_corp is null)),
  constraint three_holder_account check (admin_name is null or role = 'system')
);
comment on table three_holder is 'who is or was one of the three; no more than the constraint on three_person allows';
comment on column three_holder.corp_id is 'where the role is held; null: in the installation';
comment on column three_holder.member_id is 'a member who left stays in the role until the other two appoint another; no foreign key therefore';
comment on column three_holder.user_id is 'the userid at the appointment, or the name of the account: as the audit log names them';
comment on column three_holder.declared is 'has no mobile: whoever appointed them said that they are a person of their own';
comment on column three_holder.ended_at is 'null while they hold it';
create unique index three_holder_once on three_holder (coalesce(corp_id, ''), role, person) where ended_at is null;
create index three_holder_person on three_holder (person, role) where ended_at is null;
create index three_holder_corp on three_holder (corp_id);
create index three_holder_ended on three_holder (ended_at) where ended_at is not null;

create table joint_act (
  id bigint primary key generated always as identity,
  corp_id text references corp on delete cascade,
  kind text not null,
  payload jsonb not null,
  about text not null,
  state text not null default 'open',
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  decided_at timestamptz,
  constraint joint_act_state check (state in ('open', 'done', 'refused')),
  constraint joint_act_decided check ((state = 'open') = (decided_at is null))
);
comment on table joint_act is 'acts that take several of the three: proposed by one, done when enough others have agreed';
comment on column joint_act.corp_id is 'null: of the installation';
comment on column joint_act.payload is 'what is done, by the shape of its kind; never a secret';
comment on column joint_act.about is 'the userid or name that it is about';
comment on column joint_act.expires_at is 'an open one is not done after this time';
create index joint_act_corp on joint_act (corp_id, state);
create index joint_act_expires on joint_act (expires_at);

create table joint_assent (
  act_id bigint not null references joint_act on delete cascade,
  role text not null,
  actor text not null,
  given_at timestamptz not null,
  primary key (act_id, role),
  constraint joint_assent_role check (role in ('system', 'security', 'auditor'))
);
comment on table joint_assent is 'who agreed, the one who proposed it first; each of the three agrees once at most';
