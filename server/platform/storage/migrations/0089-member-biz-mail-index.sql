-- additive
-- Finding a member by the corp's own mail address, which OA systems know people by.

create index member_of_biz_mail on member (corp_id, lower(biz_mail)) where left_at is null and biz_mail <> '';
comment on index member_of_biz_mail is 'whose address it is, and whether a second member has it';
