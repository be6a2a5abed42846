-- People's sessions, and failed attempts to sign in with a password.

alter table session add column address text not null default '';
alter table session add column user_agent text not null default '';
create index session_member on session (member_id) where ended_at is null;
create index session_age on session (expires_at);

create table sign_in_failure (
  name text not null,
  address text not null,
  count integer not null,
  since timestamptz not null,
  primary key (name, address)
);
comment on table sign_in_failure is 'wrong passwords since the last right one; a network is locked out, not the account';
comment on column sign_in_failure.address is 'IPv4 address, or the /64 of an IPv6 one';
