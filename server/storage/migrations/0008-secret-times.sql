-- When a corp's secrets were given: what an administrator is shown instead of them.

alter table corp add column contact_secret_at timestamptz;
comment on column corp.contact_secret_at is 'null: before this was kept';

alter table agent add column secret_at timestamptz;
comment on column agent.secret_at is 'null: before this was kept';
