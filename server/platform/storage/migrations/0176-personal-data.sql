-- additive
-- Copies, erasures and holds of personal data, and the ledger of consents.

create table person_consent (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  member_id bigint not null,
  purpose text not null,
  subject text not null,
  text_hash text not null,
  said jsonb not null,
  how text not null,
  given_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_how text,
  primary key (corp_id, id)
);
create index person_consent_member on person_consent (corp_id, member_id, given_at);
create index person_consent_given on person_consent (corp_id, given_at, id);
create unique index person_consent_standing on person_consent (corp_id, member_id, purpose, subject)
  where withdrawn_at is null;
comment on column person_consent.member_id is 'without a reference: a consent is proved after its person is erased';
comment on column person_consent.purpose is 'app: an app is given data at sign-in';
comment on column person_consent.subject is 'of an app: its id';
comment on column person_consent.text_hash is 'SHA-256 of the text that was agreed to; before for consents from before the ledger';
comment on column person_consent.said is 'what that text named: {"name", "claims"}';

create table person_setting (
  corp_id text primary key references corp on delete cascade,
  erase_days integer
);
comment on column person_setting.erase_days is 'days after leaving when a person is erased; null: only when asked for';

create table person_request (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  kind text not null check (kind in ('copy', 'erase')),
  member_id bigint not null,
  user_id text not null,
  name text not null,
  state text not null check (state in ('asked', 'done', 'refused', 'failed')),
  cause text not null,
  reason text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  report jsonb not null default '{}',
  primary key (corp_id, id)
);
create unique index person_request_open on person_request (corp_id, member_id, kind) where state = 'asked';
create index person_request_member on person_request (corp_id, member_id, id);
create index person_request_ended on person_request (corp_id, ended_at);
comment on column person_request.user_id is 'empty, as the name, once the person is erased';
comment on column person_request.cause is 'own: by the person; asked: by whoever holds the point; leaver: the time after leaving is over; again: a restored backup had the person';
comment on column person_request.report is 'rows by table that were copied or erased, or why it was refused';

create table person_copy_piece (
  corp_id text not null,
  request_id bigint not null,
  n integer not null,
  content text not null,
  primary key (corp_id, request_id, n),
  foreign key (corp_id, request_id) references person_request on delete cascade
);
comment on column person_copy_piece.content is 'sealed: rows of one table as JSON';

create table person_hold (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  member_id bigint not null,
  user_id text not null,
  name text not null,
  reason text not null,
  held_by text not null,
  held_at timestamptz not null,
  until timestamptz not null,
  kept_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  primary key (corp_id, id)
);
create index person_hold_member on person_hold (corp_id, member_id) where ended_at is null;
comment on column person_hold.kept_at is 'when the rows of the person were last put by; null: not yet';

create table person_hold_row (
  corp_id text not null,
  hold_id bigint not null,
  hash text not null,
  table_name text not null,
  content text not null,
  kept_at timestamptz not null,
  primary key (corp_id, hold_id, hash),
  foreign key (corp_id, hold_id) references person_hold on delete cascade
);
comment on column person_hold_row.content is 'sealed: a row as it was';
comment on column person_hold_row.hash is 'keyed hash of the table and the row: what did not change is kept once';

create table person_tombstone (
  corp_id text not null references corp on delete cascade,
  member_id bigint not null,
  key_hash text not null,
  erased_at timestamptz not null,
  primary key (corp_id, member_id)
);
comment on column person_tombstone.key_hash is 'keyed hash of the userid, by which a person that a restored backup brings back is known';
