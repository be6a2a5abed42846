-- Values that WeCom does not provide for a member (the restrictions of 2022); they come from consent or an import.

create table member_supplement (
  corp_id text not null references corp on delete cascade,
  member_id bigint not null references member on delete cascade,
  field text not null,
  value text not null,
  source text not null,
  is_applied boolean not null default false,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (member_id, field)
);
comment on table member_supplement is 'fills fields that WeCom leaves empty; where WeCom gives a value, WeCom wins';
comment on column member_supplement.field is 'mobile | email | avatar';
comment on column member_supplement.value is 'empty: taken back';
comment on column member_supplement.source is 'consent | import';
comment on column member_supplement.is_applied is 'the mirror has taken it over';
create index member_supplement_open on member_supplement (corp_id) where not is_applied;

alter table member add column from_wecom smallint not null default 7;
comment on column member.from_wecom is 'which values here WeCom gave itself: 1 mobile, 2 email, 4 avatar';
