-- additive
-- How many to-dos WeCom's own workbench shows, for apps whose setting wants it.

create table todo_workbench_app (
  corp_id text not null references corp on delete cascade,
  app_id text not null references app on delete cascade,
  agent_id integer,
  template_at timestamptz,
  failure text,
  tried_at timestamptz,
  primary key (corp_id, app_id)
);
comment on table todo_workbench_app is 'what WeCom was told of an app''s place on its workbench';
comment on column todo_workbench_app.agent_id is 'of the agent that has the template';
comment on column todo_workbench_app.template_at is 'when WeCom took the template, without which it takes no numbers';
comment on column todo_workbench_app.failure is 'what WeCom last said against it; null when it took it';

create table todo_workbench (
  corp_id text not null references corp on delete cascade,
  app_id text not null references app on delete cascade,
  member_id bigint not null,
  change_no bigint not null,
  changed_at timestamptz not null,
  due_at timestamptz,
  sent_at timestamptz,
  sent_count integer,
  primary key (corp_id, app_id, member_id)
);
comment on table todo_workbench is 'whose number has to be told to WeCom: what it is is read when it is told, so that none waits in a queue';
comment on column todo_workbench.change_no is 'moves with every change; one during a call makes another call';
comment on column todo_workbench.due_at is 'when it is told next; null when WeCom knows it';
create index todo_workbench_due on todo_workbench (corp_id, due_at) where due_at is not null;
create index todo_workbench_changed on todo_workbench (changed_at);
