-- When a corp's secrets were set, which administrators see in place of the secrets.

alter table corp add column contact_secret_at timestamptz;
comment on column corp.contact_secret_at is 'null: before this was kept';

alter table agent add column secret_at timestamptz;
comment on column agent.secret_at is 'null: before this was kept';
