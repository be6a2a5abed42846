-- additive
-- Approvals of WeCom (审批): by which agent, templates, who may use them, and what wisp submitted or follows.

create table approval_setting (
  corp_id text not null primary key references corp (corp_id) on delete cascade,
  agent_id int not null,
  app_id text references app on delete set null,
  changed_at timestamptz not null
);
comment on column approval_setting.agent_id is 'the agent that 审批 lists among its callable applications';
comment on column approval_setting.app_id is 'the app that its to-dos belong to; null: no to-dos';
create index approval_setting_app on approval_setting (app_id);

create table approval_template (
  corp_id text not null references corp (corp_id) on delete cascade,
  id text not null,
  flow text not null,
  name text not null,
  fields jsonb not null default '[]',
  read_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column approval_template.flow is 'wecom: read from WeCom; own: of the approval engine of a self-built application, named here';
comment on column approval_template.read_at is 'when WeCom was last asked for its fields';

create table approval_grant (
  corp_id text not null,
  template_id text not null,
  dev_id text not null references developer (dev_id) on delete cascade,
  applies boolean not null,
  reads boolean not null,
  primary key (corp_id, template_id, dev_id),
  foreign key (corp_id, template_id) references approval_template (corp_id, id) on delete cascade
);
comment on column approval_grant.reads is 'sees all approvals of the template, not only those that it submitted';
create index approval_grant_developer on approval_grant (dev_id);

create table approval (
  corp_id text not null references corp (corp_id) on delete cascade,
  id bigint generated always as identity,
  flow text not null,
  no text,
  template_id text not null,
  name text not null,
  dev_id text references developer (dev_id) on delete set null,
  request_id text,
  request_hash text,
  applicant text not null,
  state text not null,
  status text,
  step int,
  holders text[] not null default '{}',
  steps jsonb not null default '[]',
  contents jsonb not null default '[]',
  told jsonb not null default '[]',
  open_todos bigint[] not null default '{}',
  todo_app text references app on delete set null,
  created_at timestamptz not null,
  since timestamptz not null,
  changed_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column approval.no is 'sp_no or thirdNo; null until WeCom has said it';
comment on column approval.state is 'applying: WeCom is being asked, or its answer was lost and it is looked for; unknown: it was not found; known';
comment on column approval.applicant is 'userid';
comment on column approval.holders is 'userids of who has it now';
comment on column approval.contents is 'what was submitted, until WeCom has said it';
comment on column approval.told is 'keys of the changes that were told';
comment on column approval.open_todos is 'members with an open to-do of it';
comment on column approval.since is 'since when its present step waits, or when it ended';
create unique index approval_no on approval (corp_id, flow, no);
create unique index approval_request on approval (corp_id, dev_id, request_id);
create index approval_developer on approval (dev_id, id);
create index approval_todo_app on approval (todo_app);
create index approval_of_template on approval (corp_id, template_id, id);
create index approval_waiting on approval (corp_id, since) where status = 'pending';
create index approval_applying on approval (corp_id, template_id, applicant) where state = 'applying';
create index approval_unknown on approval (created_at) where state = 'unknown';
create index approval_applicant on approval (corp_id, lower(applicant), id);
create index approval_changed on approval (changed_at);
