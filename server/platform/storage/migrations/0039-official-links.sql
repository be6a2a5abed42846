-- Linking a follower of an official account to the member who is that person.

create table official_link_request (
  corp_id text not null,
  original_id text not null,
  id bigint generated always as identity,
  member_id bigint not null,
  step text not null check (step in ('offered', 'asked', 'seen', 'code')),
  secret_hash text not null,
  with_profile boolean not null default false,
  openid text,
  unionid text,
  nickname text not null default '',
  avatar text not null default '',
  expires_at timestamptz not null,
  primary key (corp_id, original_id, id),
  foreign key (corp_id, original_id) references official_account on delete cascade,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on column official_link_request.step is
  'offered: the member has a link | asked: WeChat was asked who opened it | seen: it told, and the person has to confirm | code: to be sent to the account';
comment on column official_link_request.secret_hash is 'of what the next step needs; each step has another, so that none is done twice';
create unique index official_link_request_secret on official_link_request (secret_hash);
create unique index official_link_request_member on official_link_request (corp_id, original_id, member_id);
create index official_link_request_age on official_link_request (corp_id, expires_at);
