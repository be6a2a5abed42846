-- additive

create table sign_in_setting (
  corp_id text primary key references corp on delete cascade,
  ways text[] not null,
  sms_template text not null default '',
  others_first boolean not null default true,
  inside_days smallint not null default 0,
  updated_at timestamptz not null
);
comment on table sign_in_setting is 'how members of a corp may sign in; a corp without a row has WeCom alone';
comment on column sign_in_setting.ways is 'wecom, sms and passkey as far as they are on, in the order of the sign-in page';
comment on column sign_in_setting.sms_template is 'the template of the corp’s SMS channel that carries the code';
comment on column sign_in_setting.others_first is 'whether the other ways come first while WeCom does not answer';
comment on column sign_in_setting.inside_days is 'how long sessions within WeCom last for members without a role; 0: 12 hours, as all others';

create table member_factor (
  corp_id text not null references corp on delete cascade,
  member_id bigint not null,
  totp_secret text not null default '',
  totp_step bigint not null default 0,
  primary key (corp_id, member_id),
  foreign key (corp_id, member_id) references member on delete cascade
);
comment on table member_factor is 'the authenticator of a member';
comment on column member_factor.totp_secret is 'sealed; empty when none is set up';
comment on column member_factor.totp_step is 'the time step of the last code that was taken, so that each is good once';

create table member_recovery_code (
  corp_id text not null references corp on delete cascade,
  member_id bigint not null,
  hash text not null,
  primary key (corp_id, member_id, hash),
  foreign key (corp_id, member_id) references member on delete cascade
);
comment on column member_recovery_code.hash is 'SHA-256, hex';

create table passkey (
  id text primary key,
  corp_id text references corp on delete cascade,
  member_id bigint,
  admin_name text references admin_account on delete cascade,
  rp_id text not null,
  public_key text not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  foreign key (corp_id, member_id) references member on delete cascade,
  check ((member_id is null) <> (admin_name is null)),
  check (member_id is null or corp_id is not null)
);
create index passkey_member on passkey (corp_id, member_id) where member_id is not null;
create index passkey_account on passkey (admin_name) where admin_name is not null;
comment on table passkey is 'passkeys of members and of local accounts';
comment on column passkey.id is 'the credential id, base64url';
comment on column passkey.rp_id is 'the host that it is for; it is no good on another';
comment on column passkey.counter is 'of its last use; 0 for passkeys that do not count';
