-- additive
-- What the comparison of grants with the audit found, and further destinations of checkpoints.

create table audit_grants (
  tree text primary key references audit_tree on delete cascade,
  checked_at timestamptz not null,
  held integer not null default 0,
  findings jsonb not null default '[]',
  listed integer not null default 0,
  listed_at timestamptz,
  confirmed_at timestamptz,
  confirmed_by text not null default ''
);
comment on table audit_grants is 'the last comparison of the grants of a corp, or of the installation, with the acts of its tree';
comment on column audit_grants.held is 'how many grants there are';
comment on column audit_grants.listed is 'how many there were when they entered the tree without acts of their own';
comment on column audit_grants.confirmed_at is 'when somebody confirmed that these are right; null: nobody has';

alter table audit_destination
  add column mails text[] not null default '{}',
  add column mails_number bigint not null default 0,
  add column mails_at timestamptz,
  add column receiver text not null default '',
  add column receiver_number bigint not null default 0,
  add column receiver_at timestamptz,
  add column bucket jsonb,
  add column bucket_secret text,
  add column bucket_number bigint not null default 0,
  add column bucket_at timestamptz;
comment on column audit_destination.mails is 'mail addresses, which are sent one once a day by the mail server of the corp';
comment on column audit_destination.receiver is 'a receiver of the audit log (SIEM) that is sent each; empty for none';
comment on column audit_destination.bucket is 'endpoint, region, bucket, addressing, prefix and access key of S3; null for none';
comment on column audit_destination.bucket_secret is 'sealed';
