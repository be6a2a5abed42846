-- additive
-- When a local account got its password, and the hashes of those before, which it may not take again.

alter table admin_account add column password_at timestamptz;
comment on column admin_account.password_at is 'null: never counted, as when a node of an earlier version made the account';
update admin_account set password_at = updated_at;

create table old_password (
  admin_name text not null references admin_account on delete cascade,
  until timestamptz not null,
  password text not null,
  primary key (admin_name, until)
);
comment on table old_password is 'hashes of former passwords of local accounts, argon2id: at most 24 of an account';
comment on column old_password.until is 'when another one took its place';
