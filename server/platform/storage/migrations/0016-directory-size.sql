-- How much each address book holds, so that lists, metrics and readiness need none of them in memory. Written by whoever
-- writes the address book, in that transaction.
alter table directory_feed add column departments bigint not null default 0;
alter table directory_feed add column members bigint not null default 0;
alter table directory_feed add column listed bigint not null default 0;
alter table directory_feed add column tags bigint not null default 0;
comment on column directory_feed.listed is 'members without those who quit';

update directory_feed f set
  departments = (select count(*) from department d where d.corp_id = f.corp_id),
  members = (select count(*) from member m where m.corp_id = f.corp_id and m.left_at is null),
  listed = (select count(*) from member m where m.corp_id = f.corp_id and m.left_at is null and m.status <> 5),
  tags = (select count(*) from tag t where t.corp_id = f.corp_id);

-- Few are parked, and all corps' are counted at once.
create index inbox_event_parked on inbox_event (corp_id, stream) where state = 'parked';
