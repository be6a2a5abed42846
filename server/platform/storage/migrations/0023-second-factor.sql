-- A second factor for local accounts.

alter table admin_account
  add column totp_secret text not null default '',
  add column totp_step bigint not null default 0;
comment on column admin_account.totp_secret is 'sealed; empty: no second factor';
comment on column admin_account.totp_step is 'the time step of the last code that was taken: neither it nor an earlier one is taken again';

create table recovery_code (
  admin_name text not null references admin_account on delete cascade,
  hash text not null,
  primary key (admin_name, hash)
);
comment on table recovery_code is 'what stands in for a lost device; a code that was used is deleted';
comment on column recovery_code.hash is 'SHA-256 of a code of 80 random bits';
