-- additive

alter table session add column acr smallint not null default 1,
  add column amr text[] not null default '{}',
  add column auth_at timestamptz,
  add column idle_seconds integer;
comment on column session.acr is 'how surely the person proved who they are: 1 recognised without doing anything, 2 did something, 3 with a second factor. A node that does not know the column claims the least';
comment on column session.amr is 'how: wecom, qr, sms, passkey, pwd, and of second factors totp, passkey or recovery';
comment on column session.auth_at is 'when they last did, or were recognised; null: when the session began';
comment on column session.idle_seconds is 'after how long without use it ends; null: as sessions of members and administrators do';
