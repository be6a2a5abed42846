-- additive
alter table admin_account add column first_password text not null default '';
comment on column admin_account.first_password is 'the generated password, sealed, until somebody signs in with it; empty: none is kept';
