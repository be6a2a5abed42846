-- additive
-- What a person did with messages and announcements goes with the person. The indexes begin with the person, by which deleting one finds
-- the rows.

alter table message_mark add foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade;
drop index message_mark_later;
create index message_mark_of on message_mark (corp_id, member_id, later_until);

alter table announcement_mark add foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade;
create index announcement_mark_of on announcement_mark (corp_id, member_id);
