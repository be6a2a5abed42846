-- additive
-- The role of a help desk, and what people were refused, which a help desk finds by the number on the page.

comment on column member_role.level is '2 super administrator, 3 graded administrator, 4 help desk';

create table refusal (
  number text primary key,
  corp_id text references corp on delete cascade,
  member_id bigint,
  at timestamptz not null,
  place text not null,
  reason text not null,
  detail text not null,
  address text not null,
  user_agent text not null,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on table refusal is 'what people were refused when they signed in or used a page';
comment on column refusal.number is 'the request id, which the page shows';
comment on column refusal.corp_id is 'null before the corp is known';
comment on column refusal.member_id is 'null before the person is known';
comment on column refusal.place is 'sign-in, or the path of the page call';
comment on column refusal.reason is 'why a sign-in failed, or the name of the error';
comment on column refusal.detail is 'what the page said, in both languages';
create index refusal_of_member on refusal (corp_id, member_id, at) where member_id is not null;
create index refusal_at on refusal (at);
